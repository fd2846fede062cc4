"""What `make` can be asked for."""

import os
import shutil
import sys
from collections.abc import Callable

from tools import check, environment, preflight, run
from tools.processes import Failed, Family, Stop, tell

HELP = """\
make run      the portal with its database, worker and clock    PORT=8001, DEMO=0, DATABASE_URL=, REDIS_URL=
make test     make check, then all tests                        ARGS="-k catalogue", NO_SKIP=1
make check    lint, format, types, contracts, migrations, translations, templates
make bench    the benchmarks                                    ONLY=name
make fresh    throw away var/: the embedded database, logs, collected files
"""


def main(arguments: list[str]) -> int:
    """Run one command; a refusal is one sentence and exit 2, a failure a sentence after what was said, and exit 1."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Latvian letters must not stop the portal.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    command = COMMANDS.get(arguments[0] if arguments else "help")
    if command is None:
        sys.stderr.write(HELP)
        return 2
    try:
        return command()
    except preflight.Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    except Failed as failed:
        if failed.output:
            sys.stderr.write(failed.output.rstrip() + "\n")
        sys.stderr.write(f"{failed}\n")
        return 1
    except Stop:
        return 130


def say_help() -> int:
    """The commands on one screen."""
    tell(HELP, end="")
    return 0


def fresh() -> int:
    """Throw away what running left behind; refused while the database is in use."""
    pid_file = preflight.VAR / "postgres" / "postmaster.pid"
    if pid_file.exists():
        pid = int(pid_file.read_text().split()[0])
        try:
            os.kill(pid, 0)
        except PermissionError:
            pass
        except ProcessLookupError:
            pid = 0
        if pid:
            raise preflight.Refused(f"The embedded database is in use (process {pid}): stop the portal first.")
    shutil.rmtree(preflight.VAR, ignore_errors=True)
    return 0


def bench() -> int:
    """The benchmarks, on a database of their own making."""
    preflight.venv_can_be_made()
    preflight.folders_are_open()
    with Family() as family:
        check.set_up(family)
        only = os.environ.get("ONLY", "").split()
        if not only or "overlaps" in only:
            # What overlaps are found beside; needed nowhere else.
            environment.install(family, "bench")
        env = environment.plain_environment()
        code, _ = family.run([environment.PYTHON, "-m", "benchmarks", *only], env, shown=True)
        return code


COMMANDS: dict[str, Callable[[], int]] = {
    "run": run.run,
    "test": check.test,
    "check": check.check,
    "bench": bench,
    "fresh": fresh,
    "help": say_help,
}
