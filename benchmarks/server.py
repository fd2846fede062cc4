"""The real server, as ``make run`` starts it, and what its processes spend."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.databases import CHECKOUT, Databases

# A user's ticks; the kernel counts hundredths of a second.
START_SECONDS = 60


class Server:
    """gunicorn with so many processes of four threads over one database."""

    def __init__(
        self, name: str, databases: Databases, folder: Path, *, workers: int = 2, env: dict[str, str] | None = None
    ) -> None:
        self.name = name
        self.databases = databases
        self.workers = workers
        self.port = _free_port()
        self.log = folder / f"web-{name}-{workers}.log"
        command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "ecosystem.wsgi:application"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--workers", str(workers)]
        command += ["--threads", "4", "--graceful-timeout", "2", "--log-level", "warning", "--no-control-socket"]
        if os.access("/dev/shm", os.W_OK):
            command += ["--worker-tmp-dir", "/dev/shm"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=environment(databases.url(name), folder) | (env or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                if len(self.pids()) == self.workers:
                    return
            time.sleep(0.1)
        raise SystemExit(f"gunicorn did not start:\n{self.log.read_text()[-3000:]}")

    def pids(self) -> list[int]:
        """The worker processes."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def cpu(self) -> float:
        """Seconds of processor time that the web processes have spent."""
        return sum(_cpu(pid) for pid in self.pids())

    def database_cpu(self) -> float:
        """The same of the database's processes that serve them; 0 where they run on another machine."""
        return sum(_cpu(pid) for pid in self.databases.backends(self.name))

    def memory_mb(self) -> float:
        """What one web process holds, on average."""
        sizes = [psutil.Process(pid).memory_info().rss / 1e6 for pid in self.pids()]
        return sum(sizes) / len(sizes)

    def stop(self) -> None:
        """End it and its children."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Generator:
    """The load generator, held open for a run."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def ask(self, server: Server, jobs: list[dict[str, Any]], *, connections: int = 4, **more: Any) -> dict[str, Any]:
        """Have jobs asked of a server; see ``benchmarks.load`` for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        job = {"port": server.port, "jobs": jobs, "connections": connections, **more}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the load generator ended; the server's log:\n{server.log.read_text()[-3000:]}")
        return dict(json.loads(line))

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def environment(url: str, folder: Path) -> dict[str, str]:
    """The environment of a process that measures: the demonstration's settings over one database."""
    return {
        **{name: value for name, value in os.environ.items() if name not in ("DEBUG", "PYTHONPROFILEIMPORTTIME")},
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "BENCH_DIR": str(folder),
        "DEMO": "1",
        "DEBUG": "0",
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Servers that end with the block."""
    try:
        yield
    finally:
        for server in servers:
            server.stop()


def _cpu(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    return float(times.user + times.system)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
