"""What must be so before anything is made: each refusal is one sentence and exit 2."""

import importlib.util
import json
import os
import socket
import sys
import time
from pathlib import Path

from ecosystem import embedded

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"
VENV = CHECKOUT / ".venv"


class Refused(Exception):
    """The machine is not fit, and the sentence says why and what helps."""


def venv_can_be_made() -> None:
    """Debian ships Python without what makes virtual environments; a ready one of ours is as good."""
    if (VENV / "bin" / "python").exists():
        return
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Refused(
            f"This Python cannot make virtual environments: install it (Debian: apt install python{version}-venv)."
        )


def folders_are_open() -> None:
    """Told before, not after: as root the embedded PostgreSQL would open private folders above the checkout."""
    if os.environ.get("DATABASE_URL"):
        return
    sentence = embedded.refusal(VAR / "postgres", binaries=VENV.resolve() / "lib")
    if sentence:
        raise Refused(sentence)


def wished_port() -> int:
    """The port to serve at: PORT, or 8000."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def port_is_free(port: int, patience: float = 10) -> None:
    """Refuse a busy port at once, unless it is our own killed run that is just letting go of it."""
    deadline = time.monotonic() + (patience if _left_behind(port) else 0)
    while (problem := _port_problem(port)) is not None:
        if time.monotonic() >= deadline:
            raise Refused(problem)
        time.sleep(0.2)


def run_record(port: int) -> Path:
    """Where a run writes who it is, so that the next one can tell a killed run's remains from a stranger."""
    return VAR / f"run-{port}.json"


def _left_behind(port: int) -> bool:
    try:
        pid = int(json.loads(run_record(port).read_text())["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError) as error:
        return isinstance(error, ProcessLookupError)
    return False


def _port_problem(port: int) -> str | None:
    address = os.environ.get("BIND", "127.0.0.1")
    other = port + 1 if port < 65535 else 8001
    busy = f"Port {port} is busy: end what uses it, or take another, such as `PORT={other} make run`."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError:
            return f"Port {port} is for root alone: take one above 1023, such as `PORT=8000 make run`."
        except OSError:
            return busy
    # A browser asks for localhost over IPv6 first: somebody listening there would be taken for the portal.
    if socket.has_ipv6:
        try:
            with socket.create_connection(("::1", port), timeout=0.5):
                return busy
        except OSError:
            pass
    return None
