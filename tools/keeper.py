"""The keeper: holds the embedded database for its parent, and clears up when the parent is gone, however it went.

It runs in the virtual environment, in a session of its own, and reads groups of processes from its parent: ``+PGID``
and ``-PGID``. The end of that input is the end of the parent; kill -9 cannot prevent it.
"""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterable

from tools.preflight import VAR


def watch(lines: Iterable[str]) -> set[int]:
    """The groups that are still there when the parent is gone."""
    groups: set[int] = set()
    for line in lines:
        sign, number = line[:1], line[1:].strip()
        if number.isdecimal():
            (groups.add if sign == "+" else groups.discard)(int(number))
    return groups


def end_groups(groups: Iterable[int], patience: float = 6) -> None:
    """End groups of processes, politely first."""
    left = _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = _signal(left, 0)
    _signal(left, signal.SIGKILL)


def _signal(groups: Iterable[int], number: int) -> set[int]:
    reached = set()
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
            reached.add(group)
    return reached


def main() -> None:
    """Hold the database, tell its address, wait."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        from ecosystem.embedded import database_url

        url = database_url(VAR / "postgres")
    print(json.dumps({"url": url}), flush=True)
    groups = watch(sys.stdin)
    # Nobody reads what we might still say.
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    end_groups(groups)


if __name__ == "__main__":
    main()
