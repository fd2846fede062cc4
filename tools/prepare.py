"""Prepare the database and the files, in one Django process: four commands would start Django four times.

Runs in the virtual environment. What the commands say goes to ``var/log/prepare.log``; the reader gets a line for each.
"""

import hashlib
import os
import sys
import traceback

from tools import processes
from tools.preflight import VAR
from tools.processes import step


def main() -> int:
    """Migrate, load the vocabulary and the demonstration, collect the static files."""
    lines = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8", errors="replace")
    log = (VAR / "log" / "prepare.log").open("w", encoding="utf-8")
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    processes.watched = lines
    try:
        _prepare()
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        sentence = str(error).strip()
        lines.write(f"\n{type(error).__name__}: {sentence}\n")
        return 1
    return 0


def _prepare() -> None:
    with step("Opening the database"):
        import django
        from django.core.management import call_command

        django.setup()
        from django.conf import settings

        call_command("check")
        call_command("migrate", verbosity=0, interactive=False)
    with step("Loading the vocabulary"):
        call_command("load_vocabulary")
    if settings.DEMO:
        with step("Loading the demonstration programme, where there is none"):
            call_command("load_demo", "--if-empty")
    _collect_static()


def _collect_static() -> None:
    """Collect and compress the static files, when one of them changed."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    total = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = os.stat(storage.path(path))
            total.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    stamp = VAR / "static.sum"
    manifest = VAR / "static" / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == total.hexdigest():
        return
    with step("Collecting the static files"):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(total.hexdigest())


if __name__ == "__main__":
    sys.exit(main())
