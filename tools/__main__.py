"""``python -m tools run|test|check|bench|fresh|help``. Kept so plain that a too old Python can read it and say so."""

import os
import shutil
import sys

NEEDED = (3, 11)


def newer_python():
    # type: () -> str | None
    """A Python that is new enough, where the machine's `python3` is not; its name says its version."""
    for minor in range(11, 15):
        found = shutil.which("python3." + str(minor))
        if found:
            return found
    return None


def require_python(version):
    # type: (tuple[int, ...]) -> None
    """Go on under a Python that is new enough, or end with one sentence."""
    if tuple(version[:2]) >= NEEDED:
        return
    other = newer_python()
    if other and "TUVAK_PYTHON" not in os.environ:
        os.environ["TUVAK_PYTHON"] = other
        os.execv(other, [other, "-m", "tools", *sys.argv[1:]])
    sys.stderr.write(
        "Python {}.{} is too old: the portal needs 3.11 or newer (PYTHON=/path/to/python3.11 make run).\n".format(
            *version[:2]
        )
    )
    sys.exit(2)


if __name__ == "__main__":
    require_python(sys.version_info[:2])
    from tools import commands

    sys.exit(commands.main(sys.argv[1:]))
