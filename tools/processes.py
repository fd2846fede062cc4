"""Processes that end together: none outlives the one that started it, however that one ends."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from tools.preflight import CHECKOUT

PR_SET_PDEATHSIG = 1
# Where lines for the reader go, in a process whose standard output is a log.
watched: IO[str] | None = None


class Stop(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, a closed terminal, or the end of `make` above us."""


class Failed(Exception):
    """A step or a child failed; the sentence is for people, `output` is what it wrote."""

    def __init__(self, sentence: str, output: str = "") -> None:
        super().__init__(sentence)
        self.output = output


def tell(text: str, end: str = "\n") -> None:
    """One line to whoever is watching, at once."""
    print(text, end=end, flush=True, file=watched or sys.stdout)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and then how long it took."""
    began = time.monotonic()
    tell(f"  {what} … ", end="")
    try:
        yield
    except BaseException:
        tell("")
        raise
    tell(f"{time.monotonic() - began:.1f} s")


def die_with_parent(sent: int = signal.SIGTERM) -> Callable[[], None]:
    """For ``preexec_fn``: have the kernel end the child when its parent ends, even by kill -9 (Linux alone)."""
    parent = os.getpid()
    library = ctypes.CDLL(None) if sys.platform == "linux" else None

    def tie() -> None:
        if library is not None:
            library.prctl(PR_SET_PDEATHSIG, int(sent))
            if os.getppid() != parent:
                os._exit(1)

    return tie


class Above:
    """The `make` above us. It dies of the signals it gets, but SIGINT to it alone would never reach us."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.is_make = bool(os.environ.get("MAKELEVEL")) and self._comm() in ("make", "gmake")
        self.catches = self.is_make and self._catches_interrupt()
        self.home_group: int | None = None

    def gone(self) -> bool:
        """Whether make has ended, or has been told to end and waits for us."""
        if not self.is_make:
            return False
        return os.getppid() != self.pid or (self.catches and not self._catches_interrupt())

    def take_terminal(self) -> None:
        """Let Ctrl-C at the terminal reach us and not make, which would die of it although we end in order."""
        if not self.is_make or not os.isatty(0) or os.tcgetpgrp(0) != os.getpgrp() or os.getpgrp() == os.getpid():
            return
        # With make outside our group, a Ctrl-Z would stop us and leave the shell waiting for make.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        self.home_group = os.getpgrp()
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpgrp())

    def return_terminal(self) -> None:
        """Give the terminal back to make's group."""
        if self.home_group is not None:
            with contextlib.suppress(OSError):
                os.tcsetpgrp(0, self.home_group)

    def _comm(self) -> str:
        try:
            return Path(f"/proc/{self.pid}/comm").read_text().strip()
        except OSError:
            return ""

    def _catches_interrupt(self) -> bool:
        """Make sets its handler back to the default as the first thing it does about a signal."""
        with contextlib.suppress(OSError, ValueError):
            for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
                if line.startswith("SigCgt:"):
                    return bool(int(line.split()[1], 16) >> (signal.SIGINT - 1) & 1)
        return False


class Family:
    """The processes of one command, the keeper that watches over them, and the signals that end them."""

    def __init__(self) -> None:
        self.above = Above()
        self.keeper: subprocess.Popen[str] | None = None
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def __enter__(self) -> "Family":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        self.above.take_terminal()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping = True
        self.end()
        self.above.return_terminal()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stop

    def attend(self) -> None:
        """To be called a few times a second while waiting."""
        if self.above.gone() and not self.stopping:
            self.stopping = True
            raise Stop

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        output: IO[bytes] | IO[str] | None = None,
        *,
        sent: int = signal.SIGTERM,
    ) -> subprocess.Popen[bytes]:
        """Start a child in a group of its own: Ctrl-C is for us, and what it starts can be ended with it."""
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=CHECKOUT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            start_new_session=True,
            preexec_fn=die_with_parent(sent),
        )
        self.children[name] = child
        self._tell_keeper(f"+{child.pid}")
        return child

    def run(self, command: Sequence[str | Path], env: Mapping[str, str], *, shown: bool = False) -> tuple[int, str]:
        """Run a step to its end: its exit code and, unless shown as it comes, what it wrote."""
        with tempfile.TemporaryFile() as output:
            child = self.start("step", command, env, None if shown else output, sent=signal.SIGKILL)
            while child.poll() is None:
                self.attend()
                time.sleep(0.05)
            self._forget("step")
            output.seek(0)
            return child.returncode, output.read().decode(errors="replace")

    def run_each(
        self, commands: Mapping[str, Sequence[str | Path]], env: Mapping[str, str], *, at_once: int
    ) -> Iterator[tuple[str, int, str, float]]:
        """Run steps, so many at a time; as each ends its name, its exit code, what it wrote and its seconds."""
        waiting = list(commands.items())
        running: dict[str, tuple[IO[bytes], float]] = {}
        with contextlib.ExitStack() as files:
            while waiting or running:
                while waiting and len(running) < at_once:
                    name, command = waiting.pop(0)
                    output = files.enter_context(tempfile.TemporaryFile())
                    running[name] = (output, time.monotonic())
                    self.start(name, command, env, output, sent=signal.SIGKILL)
                self.attend()
                for name, (written, began) in list(running.items()):
                    code = self.children[name].poll()
                    if code is not None:
                        del running[name]
                        self._forget(name)
                        written.seek(0)
                        yield name, code, written.read().decode(errors="replace"), time.monotonic() - began
                time.sleep(0.05)

    def must(self, command: Sequence[str | Path], env: Mapping[str, str], sentence: str) -> str:
        """Run a step that the rest stands on."""
        code, output = self.run(command, env)
        if code:
            raise Failed(sentence, output)
        return output

    def start_keeper(self, python: Path, env: Mapping[str, str]) -> str:
        """Start the keeper: it holds the embedded database, if one is needed, and clears up if we are killed."""
        self.keeper = subprocess.Popen(
            [str(python), "-m", "tools.keeper"],
            cwd=CHECKOUT,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.keeper.stdout is not None
        line = self.keeper.stdout.readline()
        self.attend()
        if not line:
            assert self.keeper.stderr is not None
            output = self.keeper.stderr.read()
            last = output.strip().splitlines()[-1:] or ["The embedded PostgreSQL did not start."]
            raise Failed(last[0] if last[0].startswith("Refused") else "The embedded PostgreSQL did not start.", output)
        return str(json.loads(line)["url"])

    def end(self, patience: float = 12) -> None:
        """End all children, politely first, and then the keeper with its database."""
        for child in self.children.values():
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        deadline = time.monotonic() + patience
        for name in list(self.children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.children[name].wait(max(0.1, deadline - time.monotonic()))
            self._forget(name)
        if self.keeper is not None:
            assert self.keeper.stdin is not None
            with contextlib.suppress(OSError):
                self.keeper.stdin.close()
            try:
                self.keeper.wait(30)
            except subprocess.TimeoutExpired:
                self.keeper.kill()
            self.keeper = None

    def _forget(self, name: str) -> None:
        child = self.children.pop(name)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self._tell_keeper(f"-{child.pid}")

    def _tell_keeper(self, line: str) -> None:
        if self.keeper is not None and self.keeper.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                self.keeper.stdin.write(line + "\n")
                self.keeper.stdin.flush()
