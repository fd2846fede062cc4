"""``make check`` and ``make test``: the portal proves that it is sound."""

import os
import shlex
import shutil
from pathlib import Path

from tools import environment, preflight
from tools.environment import PYTHON
from tools.preflight import VENV
from tools.processes import Family, tell

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def checks() -> dict[str, list[str | Path]]:
    """What is checked, what takes longest first; each on its own says what is wrong."""
    return {
        "types": [PYTHON, "-m", "mypy"],
        "lint": [PYTHON, "-m", "ruff", "check", "."],
        "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "import contracts": [VENV / "bin" / "lint-imports"],
        "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"],
        "system": [PYTHON, "manage.py", "check"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        "translations": [PYTHON, "manage.py", "translations", "--check"],
    }


def check() -> int:
    """All checks, as many at a time as there are processors, one line each; what a failing one said follows its line."""
    _preflight()
    with Family() as family:
        return _check(family, set_up(family))


def test() -> int:
    """The checks, and then the tests; both run to their end, whatever the first said."""
    _preflight()
    with Family() as family:
        env = set_up(family)
        checked = _check(family, env)
        if chromium() is None and env.get("NO_SKIP") != "1":
            tell("  No Chromium found: the browser journeys are skipped (Debian: apt install chromium).")
        arguments = shlex.split(env.get("ARGS", ""))
        tell("  Tests")
        tested, _ = family.run([PYTHON, "-m", "pytest", "-n", "2", *arguments], env, shown=True)
        if checked:
            tell("The checks failed, see above.")
        return 1 if checked or tested else 0


def chromium() -> str | None:
    """The browser that the journeys would drive."""
    for name in (os.environ.get("CHROMIUM"), *CHROMIUM):
        if name and (found := shutil.which(name)):
            return found
    return None


def set_up(family: Family) -> dict[str, str]:
    """The tools, the translations and one database server for all that follows; its environment."""
    environment.make_var()
    environment.install(family, "dev")
    env = environment.plain_environment()
    env.setdefault("DEMO", "1")
    # A dozen processes read the same sources: what they compile is kept, whatever the shell says.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if not env.get("DATABASE_URL"):
        env["DATABASE_URL"] = family.start_keeper(PYTHON, env)
        env["TUVAK_EMBEDDED"] = "1"
    else:
        family.start_keeper(PYTHON, env)
    environment.compile_translations(family, env)
    return env


def _preflight() -> None:
    preflight.venv_can_be_made()
    preflight.folders_are_open()


def _check(family: Family, env: dict[str, str]) -> int:
    failed = 0
    for name, code, output, seconds in family.run_each(checks(), env, at_once=os.cpu_count() or 1):
        tell(f"  {'ok    ' if code == 0 else 'FAILED'}  {name}  {seconds:.1f} s")
        if code:
            failed = 1
            tell(output.rstrip())
    return failed
