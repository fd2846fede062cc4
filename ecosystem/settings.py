"""Settings of the portal, all by environment.

With nothing set, the portal runs embedded: its own PostgreSQL under ``var/``, Celery over the file system,
mail shown at ``/demo/zinas/``. ``DATABASE_URL`` and ``REDIS_URL`` point it at real servers.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
import structlog
from celery.schedules import crontab

from ecosystem import oidc

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", False)
# The demonstration: invented people, one-click sign-in, messages that anybody may read. Never with real data.
DEMO = env.bool("DEMO", False) or TESTING

SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver", urlsplit(SITE_URL).hostname]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]


def database(url: str) -> dict[str, Any]:
    """Django's description of the database at a ``postgresql://`` address, socket folders in ``?host=`` too."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": 0 if TESTING else env.int("CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DATABASE_URL = env.str("DATABASE_URL", "")
EMBEDDED_DATABASE = env.bool("TUVAK_EMBEDDED", False) or not DATABASE_URL
if not DATABASE_URL:
    from ecosystem.embedded import database_url

    DATABASE_URL = database_url(VAR_DIR / "postgres")
DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A key for the demonstration and the tests alone; a check refuses to run anything else with it.
INSECURE_KEY = "insecure-key-for-the-demonstration-and-the-tests-alone-0123456789"
SECRET_KEY = env.str("SECRET_KEY", "") or INSECURE_KEY

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "phonenumber_field",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rules",
    "simple_history",
    "ecosystem",
    "centres",
    "coordinators",
    "residents",
    "courses",
    "reporting",
    "ecosystem.pages",
]
if DEBUG:
    INSTALLED_APPS.insert(0, "whitenoise.runserver_nostatic")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ecosystem.accounts.account_pages_are_not_kept",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "ecosystem.urls"
WSGI_APPLICATION = "ecosystem.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ecosystem.context.portal",
            ],
            "builtins": ["django.templatetags.i18n", "ecosystem.templatetags.components"],
        },
    }
]

# Language and time. Latvian is the default and has no prefix; English stands under /en/.
LANGUAGE_CODE = "lv"
LANGUAGES = [("lv", "Latviešu"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "lv"
MODELTRANSLATION_LANGUAGES = ("lv", "en", "ru", "uk")
MODELTRANSLATION_FALLBACK_LANGUAGES = ("lv",)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Riga"
FORMAT_MODULE_PATH = ["ecosystem.formats"]
PHONENUMBER_DEFAULT_REGION = "LV"
# Histories are found by moment and row together (ecosystem.history).
SIMPLE_HISTORY_DATE_INDEX = False

# Accounts: residents need none; staff and those who like sign in by a code sent by e-mail.
AUTH_USER_MODEL = "ecosystem.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/mani/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "ecosystem.accounts.AccountAdapter"
# Who comes for the first time gets a code like everybody, and staff type one code, not two.
ACCOUNT_FORMS = {
    "login": "ecosystem.accounts.LoginForm",
    "request_login_code": "ecosystem.accounts.CodeForm",
}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# How many proxies stand before the portal: with none counted, all residents behind one would share one limit. allauth's
# limits ask ecosystem.limits who it is, as ours do.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
# Latvija.lv, eParaksts and the like: none unless set, then with buttons and addresses (docs/signing-in.md).
OIDC_PROVIDERS = oidc.read(env.str("OIDC_PROVIDERS", ""))
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "ecosystem.identity.IdentityProvider"}}
SOCIALACCOUNT_ADAPTER = "ecosystem.identity.IdentityAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_FORMS = {"disconnect": "ecosystem.identity.UnlinkForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "ecosystem.second_factor.MfaAdapter"
# A passkey that its device locks by a finger, a face or a PIN stands for both steps.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "ecosystem.second_factor.AddPasskeyForm",
    "edit_webauthn": "ecosystem.second_factor.EditPasskeyForm",
    "authenticate_webauthn": "ecosystem.second_factor.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "ecosystem.second_factor.ReauthenticatePasskeyForm",
    "login_webauthn": "ecosystem.second_factor.LoginPasskeyForm",
}
# Who holds a post opens the desk with a second factor only; in the demonstration a code by mail is enough.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", not DEMO)
# How long the desk stays open after signing in, and after the last look at it; then one signs in again.
STAFF_SESSION_HOURS = env.float("STAFF_SESSION_HOURS", 12)
STAFF_IDLE_HOURS = env.float("STAFF_IDLE_HOURS", 3)

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING


def immutable_file(path: str, url: str) -> bool:
    """Whether a static file's name carries its content's hash, so that browsers may keep it for good."""
    return bool(re.match(r"^.+\.[0-9a-f]{12}\..+$", url))


WHITENOISE_IMMUTABLE_FILE_TEST = immutable_file

# Jobs and cache. Without Redis, queues are files and each process has a cache of its own: fit for trying out.
REDIS_URL = env.str("REDIS_URL", "")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ALWAYS_EAGER = TESTING
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CACHES: dict[str, Any] = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
else:
    CELERY_BROKER_URL = "filesystem://"
    for _folder in ("queue", "control"):
        (VAR_DIR / "celery" / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "celery" / "queue"),
        "data_folder_out": str(VAR_DIR / "celery" / "queue"),
        "control_folder": str(VAR_DIR / "celery" / "control"),
        "store_processed": False,
    }
    # Each process counts for itself: limits are that many times as generous, which does no harm in a trial.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BEAT_SCHEDULE = {
    "sweep-offers": {"task": "courses.schedule.sweep_offers", "schedule": 60.0},
    "judge-what-has-changed": {"task": "courses.schedule.judge_changes", "schedule": 5.0},
    "compare-everything-anew": {"task": "courses.schedule.sweep_overlaps", "schedule": crontab(hour=3, minute=10)},
    "read-anew-what-is-known": {"task": "courses.schedule.renew_footprints", "schedule": 300.0},
    "send-waiting-messages": {"task": "ecosystem.tasks.send_waiting", "schedule": 60.0},
    "complete-what-is-over": {"task": "courses.schedule.complete_past", "schedule": 3600.0},
    "remind-of-what-is-near": {"task": "courses.schedule.remind", "schedule": 900.0},
    "ask-whether-they-come": {"task": "courses.schedule.ask_whether_they_come", "schedule": 900.0},
    "ask-how-it-was": {"task": "courses.schedule.ask_how_it_was", "schedule": 3600.0},
    "read-who-came": {"task": "reporting.schedule.read_who_came", "schedule": 5.0},
    "make-facts-anew": {"task": "reporting.schedule.make_facts_anew", "schedule": crontab(hour=3, minute=50)},
    "forget-who-reported": {"task": "reporting.schedule.forget_who_reported", "schedule": 86_400.0},
    "count-who-came-to-both": {
        "task": "reporting.schedule.count_who_came_to_both",
        "schedule": crontab(hour=3, minute=40),
    },
    "send-the-news": {"task": "courses.schedule.send_news", "schedule": crontab(minute=10)},
    "forget-what-is-past-its-term": {"task": "courses.schedule.forget", "schedule": 86_400.0},
    "look-for-doubles-of-the-new": {"task": "courses.schedule.look_for_doubles", "schedule": 60.0},
    "look-for-doubles-among-all": {
        "task": "courses.schedule.look_for_doubles_among_all",
        "schedule": crontab(hour=2, minute=30),
    },
}

# Messages to people.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if DEMO:
    # Mail of the demonstration is kept in the database alone and read at /demo/zinas/.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Tuvāk mājām <nevarkotne@example.lv>")
SMS_PROVIDER = env.str("SMS_PROVIDER", "ecosystem.sms.ConsoleProvider")
SMS_HTTP_URL = env.str("SMS_HTTP_URL", "")
SMS_HTTP_TOKEN = env.str("SMS_HTTP_TOKEN", "")
# What an SMS provider proves itself with when it reports at /zinas/sms/<code>/; without it nobody may report.
SMS_RECEIPT_SECRET = env.str("SMS_RECEIPT_SECRET", "")

# Security.
_POLICY: dict[str, Any] = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'", *oidc.origins(OIDC_PROVIDERS)],
    "frame-ancestors": ["'none'"],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _POLICY}
PERMISSIONS_POLICY: dict[str, Any] = {
    "geolocation": "self",
    "camera": [],
    "microphone": [],
    "payment": [],
    "usb": [],
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
}
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016", "security.W021"]
SILENCED_SYSTEM_CHECKS += ["security.W005"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# What a municipality sets for itself.
PORTAL_NAME = env.str("PORTAL_NAME", "Tuvāk mājām")
MUNICIPALITY_NAME = env.str("MUNICIPALITY_NAME", "Jelgavas novads")
MUNICIPALITY_NAME_LOCATIVE = env.str("MUNICIPALITY_NAME_LOCATIVE", "Jelgavas novadā")
CONTACT_PHONE = env.str("CONTACT_PHONE", "63000000")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "tuvak@example.lv")
CONTACT_HOURS = env.str("CONTACT_HOURS", "9:00–17:00")
# The hollow city in the middle of the map: name, latitude, longitude; empty where there is none.
MAP_HOLLOW = env.json("MAP_HOLLOW", ["Jelgava", 56.6511, 23.7213])
# The way between two places that one person leads sessions at: minutes for a kilometre as the crow flies, and for
# packing up and settling in.
TRAVEL_MINUTES_PER_KM = env.float("TRAVEL_MINUTES_PER_KM", 1.5)
TRAVEL_ALLOWANCE_MINUTES = env.int("TRAVEL_ALLOWANCE_MINUTES", 10)
OFFER_HOURS = env.int("OFFER_HOURS", 48)
OFFER_HOURS_LAST_DAYS = env.int("OFFER_HOURS_LAST_DAYS", 6)
GUARDIAN_UNDER = env.int("GUARDIAN_UNDER", 13)
# Nobody fills the form in sooner; programs do. In the demonstration anybody may try with a program of theirs.
FORM_MIN_SECONDS = env.float("FORM_MIN_SECONDS", 0 if DEMO else 2)
# How many registrations an hour: by one contact, and by one address (a library or a school is one address).
LIMIT_BY_CONTACT = env.int("LIMIT_BY_CONTACT", 20)
LIMIT_BY_ADDRESS = env.int("LIMIT_BY_ADDRESS", 3000 if DEMO else 300)
# How long a rendered public page may be shown again, in seconds; never above five.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", 0 if TESTING else 5)
RETENTION_YEARS = env.int("RETENTION_YEARS", 3)
# The key that makes pseudonyms of people in the figures; not in the database, never changed while facts are kept.
PSEUDONYM_KEY = env.str("PSEUDONYM_KEY", "") or INSECURE_KEY
# So many years after the year it happened in, who took part becomes a count without a pseudonym.
PSEUDONYM_YEARS = env.int("PSEUDONYM_YEARS", 5)
# The copy that the figures are read from, made anew whole; each web server needs to see the folder.
FIGURES_DIR = VAR_DIR / "no-figures" if TESTING else Path(env.str("FIGURES_DIR", "") or VAR_DIR / "figures")
# How long the link to a certificate stays open.
CERTIFICATE_LINK_DAYS = env.int("CERTIFICATE_LINK_DAYS", 90)
# How long a certificate can be checked; then nothing of it is kept.
CERTIFICATE_YEARS = env.int("CERTIFICATE_YEARS", 10)
# How long a public PDF may be shown again, in seconds, and how many one address may have made in an hour.
PAPER_CACHE_SECONDS = env.int("PAPER_CACHE_SECONDS", 300)
LIMIT_PAPERS = env.int("LIMIT_PAPERS", 60)
# At most one message of news to a contact in so many days; and how many activities it names at most.
DIGEST_DAYS = max(1, env.int("DIGEST_DAYS", 7))
DIGEST_ACTIVITIES = max(1, env.int("DIGEST_ACTIVITIES", 10))
# How long joining two entries of one person can be undone; until then both are kept as they were.
MERGE_UNDO_DAYS = env.int("MERGE_UNDO_DAYS", 30)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
