"""``make run``: the portal on a bare machine, with its database, its worker and its clock, until Ctrl-C."""

import contextlib
import http.client
import json
import os
import secrets
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from tools import environment, preflight
from tools.environment import PYTHON
from tools.preflight import CHECKOUT, VAR
from tools.processes import Failed, Family, Stop, tell

ENDED = {"web": "The web server", "worker": "The worker", "beat": "The clock"}
READY = """
──────────────────────────────────────────────────────────────────────
  Tuvāk mājām is ready:  {address}
{demo}  Stop: Ctrl-C
──────────────────────────────────────────────────────────────────────
"""
DEMO = """
  Sign in (demo):  {address}/demo/   one click: coordinator, manager, head
  Messages sent:   {address}/demo/zinas/
  Logs:            var/log/

"""


def run() -> int:
    """Check, prepare, serve, and end all of it in order."""
    port = preflight.wished_port()
    preflight.venv_can_be_made()
    preflight.folders_are_open()
    preflight.port_is_free(port)
    family = Family()
    try:
        with family:
            _prepare_and_serve(family, port)
    except Stop:
        pass
    finally:
        with contextlib.suppress(OSError):
            preflight.run_record(port).unlink()
    tell("\nStopped.")
    return 0


def settings_of_a_run(port: int) -> dict[str, str]:
    """The children's environment: the demonstration, unless the caller's environment says otherwise."""
    env = environment.plain_environment()
    env.setdefault("DEMO", "1")
    env.setdefault("SITE_URL", f"http://localhost:{port}")
    if not env.get("SECRET_KEY"):
        env["SECRET_KEY"] = own_key("secret_key")
    if not env.get("PSEUDONYM_KEY") and not is_demo(env):
        env["PSEUDONYM_KEY"] = own_key("pseudonym_key")
    return env


def is_demo(env: dict[str, str]) -> bool:
    """Whether it is the demonstration that runs; its people are invented, and so may their key be."""
    return env.get("DEMO", "").lower() in ("1", "true", "yes", "on")


def own_key(name: str) -> str:
    """A key of this checkout's own, kept so that links in messages, and who is counted once, outlive a restart."""
    path = VAR / name
    with contextlib.suppress(FileNotFoundError):
        key = path.read_text().strip()
        if len(key) >= 50:
            return key
    key = secrets.token_urlsafe(64)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(key)
    return key


def children_of_a_run(port: int) -> dict[str, list[str | Path]]:
    """The three that serve. Celery's solo pool is one process: nothing of it can be left behind."""
    bind = f"{os.environ.get('BIND', '127.0.0.1')}:{port}"
    web: list[str | Path] = [PYTHON, "-m", "gunicorn", "ecosystem.wsgi:application", "--bind", bind]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
    web += ["--log-level", "warning", "--no-control-socket"]
    if os.access("/dev/shm", os.W_OK):
        # Heartbeats on a slow disk have stopped healthy workers.
        web += ["--worker-tmp-dir", "/dev/shm"]
    celery: list[str | Path] = [PYTHON, "-m", "celery", "--app", "ecosystem.celery:app", "--quiet"]
    worker = [*celery, "worker", "--pool", "solo", "--loglevel", "info", "--hostname", f"worker-{port}@%h"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # No pid file: a killed clock's would keep the next one from starting.
    beat = [*celery, "beat", "--loglevel", "info", "--pidfile", "", "--schedule", VAR / "celery" / f"beat-{port}"]
    return {"web": web, "worker": worker, "beat": beat}


def ready_block(port: int, demo: bool) -> str:
    """What the reader needs: the address, who to be, how to stop."""
    address = f"http://localhost:{port}"
    return READY.format(address=address, demo=DEMO.format(address=address) if demo else "").strip("\n")


def _prepare_and_serve(family: Family, port: int) -> None:
    first = not environment.installed("demo")
    tell("Tuvāk mājām: first start, about two minutes; later ones take seconds." if first else "Tuvāk mājām")
    environment.make_var()
    preflight.run_record(port).write_text(json.dumps({"pid": os.getpid()}))
    environment.install(family, "demo")
    env = settings_of_a_run(port)
    if env.get("DATABASE_URL"):
        family.start_keeper(PYTHON, env)
    else:
        env["DATABASE_URL"] = family.start_keeper(PYTHON, env)
        env["TUVAK_EMBEDDED"] = "1"
    environment.compile_translations(family, env)
    code, _ = family.run([PYTHON, "-m", "tools.prepare"], env, shown=True)
    if code:
        raise Failed("The portal could not be prepared; the whole story is in var/log/prepare.log.")
    preflight.port_is_free(port)
    _serve(family, port, env)


def _serve(family: Family, port: int, env: dict[str, str]) -> None:
    tell("  Starting the web server, the worker and the clock")
    logs: dict[str, Path] = {}
    for name, command in children_of_a_run(port).items():
        logs[name] = VAR / "log" / f"{name}-{port}.log"
        with _new_log(logs[name]) as log:
            family.start(name, command, env, log)
    signs: dict[str, Callable[[], bool]] = {
        "web": lambda: _answers(port),
        "worker": lambda: b"ready." in logs["worker"].read_bytes(),
        "beat": lambda: b"beat: Starting" in logs["beat"].read_bytes(),
    }
    deadline = time.monotonic() + 90
    while signs:
        _attend(family, logs)
        for name in [name for name, ready in signs.items() if ready()]:
            del signs[name]
        if signs and time.monotonic() > deadline:
            name = next(iter(signs))
            raise Failed(f"{ENDED[name]} did not come up; see {logs[name].relative_to(CHECKOUT)}.")
        time.sleep(0.1)
    tell(ready_block(port, is_demo(env)))
    while True:
        _attend(family, logs)
        time.sleep(0.25)


def _attend(family: Family, logs: dict[str, Path]) -> None:
    family.attend()
    if family.keeper is not None and family.keeper.poll() is not None:
        raise Failed("The keeper of the database ended unexpectedly.")
    for name, child in family.children.items():
        code = child.poll()
        if code is not None:
            how = signal.Signals(-code).name if code < 0 else f"exit {code}"
            # The last lines say more than a file name, where there are any.
            tail = "\n".join(logs[name].read_text(errors="replace").splitlines()[-15:])
            place = logs[name].relative_to(CHECKOUT)
            raise Failed(f"{ENDED[name]} ended unexpectedly ({how}); its log is {place}.", tail)


def _new_log(path: Path) -> IO[bytes]:
    """A log of this run; the one before it is kept beside it."""
    if path.exists():
        path.replace(path.with_suffix(".log.before"))
    return path.open("wb")


def _answers(port: int) -> bool:
    address = os.environ.get("BIND", "127.0.0.1")
    connection = http.client.HTTPConnection("127.0.0.1" if address == "0.0.0.0" else address, port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
