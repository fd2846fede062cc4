"""The portal's own settings for a measurement: files of its own, limits an hour that one bench address can live with.

Everything a request passes is as in ``make run``: middlewares, cache, session, templates.
"""

import os
from pathlib import Path

from ecosystem.settings import *  # noqa: F403 - the portal as it is
from ecosystem.settings import CACHES, DATABASES, REDIS_URL, STORAGES

BENCH_DIR = Path(os.environ["BENCH_DIR"])
# The control: the same code without the lock on the activity's row. It must oversell, or the test proves nothing.
BENCH_WITHOUT_LOCK = os.environ.get("BENCH_WITHOUT_LOCK") == "1"

ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["*"]
STATIC_ROOT = BENCH_DIR / "static"
# The same hashed names; the compressed twins cost a minute and no page looks at them.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
if not REDIS_URL:
    for _name, _cache in CACHES.items():
        if _cache["BACKEND"].endswith("FileBasedCache"):
            # A cache for each database: a page of one size must not stand for another's.
            _cache["LOCATION"] = BENCH_DIR / "cache" / str(DATABASES["default"]["NAME"]) / _name

# Every request comes from one address, and hundreds of people within a minute.
LIMIT_BY_CONTACT = 10_000_000
LIMIT_BY_ADDRESS = 10_000_000
FORM_MIN_SECONDS = 0
# Nudges to the worker are written as in `make run`, to a folder of the bench; no worker takes them.
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BENCH_DIR / "celery" / "queue"),
        "data_folder_out": str(BENCH_DIR / "celery" / "queue"),
        "control_folder": str(BENCH_DIR / "celery" / "control"),
        "store_processed": False,
    }
    for _folder in ("queue", "control"):
        (BENCH_DIR / "celery" / _folder).mkdir(parents=True, exist_ok=True)
