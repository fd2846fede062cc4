"""The virtual environment, from hashed locks by plain pip, and what is compiled from the sources."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.preflight import CHECKOUT, VAR, VENV
from tools.processes import Family, step

PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-locks.json"
# Each lock holds all that the ones before it hold.
LOCKS = ("base", "demo", "dev", "bench")


def plain_environment() -> dict[str, str]:
    """Our environment without what would lead a child's Python elsewhere."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "VIRTUAL_ENV")}
    env.pop("MAKEFLAGS", None)
    env["PYTHONUNBUFFERED"] = "1"
    env["DJANGO_SETTINGS_MODULE"] = "ecosystem.settings"
    return env


def lock_sum(name: str) -> str:
    """What a lock says, as one number."""
    return hashlib.sha256((CHECKOUT / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


def installed(name: str) -> bool:
    """Whether the virtual environment stands and was installed from this lock as it is now, or from a wider one."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return isinstance(stamp, dict) and stamp.get(name) == lock_sum(name) and _python_works()


def install(family: Family, name: str) -> None:
    """Make the virtual environment where there is none, and install the lock where it is not installed."""
    if installed(name):
        return
    env = plain_environment()
    env.pop("PYTHONPATH", None)
    # The wheel's user must be able to read its programs, whatever the umask of who types `make`.
    os.umask(0o022)
    if not _python_works():
        with step("Making the virtual environment"):
            if VENV.is_symlink():
                VENV.unlink()
            shutil.rmtree(VENV, ignore_errors=True)
            family.must(
                [sys.executable, "-m", "venv", VENV], env, "The virtual environment in .venv could not be made."
            )
    lock = CHECKOUT / "requirements" / f"{name}.txt"
    packages = lock.read_text().count("==")
    with step(f"Installing {packages} packages from the hashed lock requirements/{name}.txt (once)"):
        STAMP.unlink(missing_ok=True)
        command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--no-input", "--no-warn-script-location", "--require-hashes", "-r", lock]
        family.must(command, env, f"The packages of requirements/{name}.txt could not be installed.")
        held = LOCKS[: LOCKS.index(name) + 1]
        STAMP.write_text(json.dumps({held_name: lock_sum(held_name) for held_name in held}))


def compile_translations(family: Family, env: dict[str, str]) -> None:
    """Compile the translations whose source is newer; the compiled ones are not in git."""
    stale = [
        source
        for source in CHECKOUT.glob("locale/*/LC_MESSAGES/*.po")
        if not (compiled := source.with_suffix(".mo")).exists() or compiled.stat().st_mtime < source.stat().st_mtime
    ]
    if stale:
        with step("Compiling the translations"):
            family.must(
                [PYTHON, "manage.py", "translations", "--compile"], env, "The translations could not be compiled."
            )


def make_var() -> None:
    """The folder of everything that running leaves behind; open, because the database's user must pass through."""
    VAR.mkdir(mode=0o755, exist_ok=True)
    for folder in ("log", "celery/queue", "celery/control"):
        (VAR / folder).mkdir(parents=True, exist_ok=True)


def _python_works() -> bool:
    """A virtual environment breaks when the Python it was made from goes away, or when it is copied half."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False
