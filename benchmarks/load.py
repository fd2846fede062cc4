"""The load generator: a process of its own that asks over kept-alive raw sockets and measures each answer.

It reads one job a line from standard input (JSON) and writes one result a line. Nothing of Django is imported here, and
one loop over all sockets serves them, so that the measuring costs as little as it can beside what is measured.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_SECONDS = 120


@dataclass
class Answer:
    """One answer, timed."""

    status: int
    seconds: float
    head: bytes = b""
    body: bytes = b""


@dataclass
class Line:
    """One connection and what it waits for."""

    sock: socket.socket
    number: int = -1
    asked_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    whole: int = -1
    body_at: int = 0


def request(job: dict[str, Any], *, host: str, close: bool = False) -> bytes:
    """The bytes of a request: a path, optionally a cookie and a form."""
    body = job.get("body", "").encode()
    method = job.get("method") or ("POST" if body else "GET")
    lines = [
        f"{method} {job['path']} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: bench",
        "Accept: text/html",
        "Accept-Language: lv",
        f"Connection: {'close' if close else 'keep-alive'}",
    ]
    if job.get("cookie"):
        lines.append(f"Cookie: {job['cookie']}")
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(port: int, jobs: list[dict[str, Any]], *, connections: int, keep_bodies: bool = False) -> list[Answer]:
    """Ask for every job, so many at once, each connection one after another; answers in the order of the jobs."""
    host = f"localhost:{port}"
    payloads = [request(job, host=host) for job in jobs]
    answers: list[Answer | None] = [None] * len(jobs)
    waiting = iter(range(len(jobs)))
    selector = selectors.DefaultSelector()
    lines: list[Line] = []

    def ask(line: Line) -> bool:
        number = next(waiting, None)
        if number is None:
            return False
        line.number, line.whole = number, -1
        line.received.clear()
        line.asked_at = time.perf_counter()
        line.sock.sendall(payloads[number])
        return True

    for _ in range(min(connections, len(jobs))):
        line = Line(_connect(port))
        lines.append(line)
        if ask(line):
            selector.register(line.sock, selectors.EVENT_READ, line)
    busy = len(lines)
    while busy:
        events = selector.select(TIMEOUT_SECONDS)
        if not events:
            raise SystemExit("the server does not answer")
        for key, _mask in events:
            line = key.data
            chunk = line.sock.recv(262_144)
            if not chunk and not line.received:
                # The server took leave between two requests: ask again on a new connection.
                selector.unregister(line.sock)
                line.sock.close()
                line.sock = _connect(port)
                line.asked_at = time.perf_counter()
                line.sock.sendall(payloads[line.number])
                selector.register(line.sock, selectors.EVENT_READ, line)
                continue
            line.received += chunk
            if not _complete(line):
                if not chunk:
                    raise SystemExit("an answer broke off")
                continue
            seconds = time.perf_counter() - line.asked_at
            answers[line.number] = _answer(line, seconds, keep_bodies)
            if _closes(line):
                selector.unregister(line.sock)
                line.sock.close()
                line.sock = _connect(port)
                selector.register(line.sock, selectors.EVENT_READ, line)
            if not ask(line):
                selector.unregister(line.sock)
                busy -= 1
    for line in lines:
        line.sock.close()
    selector.close()
    return [answer for answer in answers if answer is not None]


def burst(port: int, jobs: list[dict[str, Any]]) -> tuple[list[Answer], float]:
    """Everybody at once, each on a connection of their own; the answers, and seconds from the first to the last."""
    host = f"localhost:{port}"
    payloads = [request(job, host=host, close=True) for job in jobs]
    selector = selectors.DefaultSelector()
    answers: list[Answer | None] = [None] * len(jobs)
    started = time.perf_counter()
    for number, payload in enumerate(payloads):
        line = Line(_connect(port), number=number, asked_at=time.perf_counter())
        line.sock.sendall(payload)
        selector.register(line.sock, selectors.EVENT_READ, line)
    left = len(jobs)
    while left:
        events = selector.select(TIMEOUT_SECONDS)
        if not events:
            raise SystemExit("the server does not answer")
        for key, _mask in events:
            line = key.data
            chunk = line.sock.recv(262_144)
            line.received += chunk
            if not _complete(line):
                if not chunk:
                    raise SystemExit("an answer broke off")
                continue
            answers[line.number] = _answer(line, time.perf_counter() - line.asked_at, False)
            selector.unregister(line.sock)
            line.sock.close()
            left -= 1
    took = time.perf_counter() - started
    selector.close()
    return [answer for answer in answers if answer is not None], took


def _connect(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _complete(line: Line) -> bool:
    """Whether the whole answer is here."""
    if line.whole < 0:
        end = line.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        line.body_at = end + 4
        head = bytes(line.received[:end]).lower()
        at = head.find(b"content-length:")
        if at < 0:
            raise SystemExit(f"an answer of unknown length: {head[:300]!r}")
        line.whole = line.body_at + int(head[at + 15 :].split(b"\r\n", 1)[0])
    return len(line.received) >= line.whole


def _closes(line: Line) -> bool:
    return b"connection: close" in bytes(line.received[: line.body_at]).lower()


def _answer(line: Line, seconds: float, keep: bool) -> Answer:
    head = bytes(line.received[: line.body_at])
    body = bytes(line.received[line.body_at :]) if keep else b""
    return Answer(int(head[9:12]), seconds, head, body)


def _serve() -> None:
    """Jobs by the line until the input ends."""
    for text in sys.stdin:
        job = json.loads(text)
        if job.get("burst"):
            answers, took = burst(job["port"], job["jobs"])
        else:
            started = time.perf_counter()
            answers = run(
                job["port"], job["jobs"], connections=job["connections"], keep_bodies=bool(job.get("keep_bodies"))
            )
            took = time.perf_counter() - started
        result: dict[str, Any] = {
            "seconds": took,
            "latencies": [answer.seconds for answer in answers],
            "statuses": [answer.status for answer in answers],
        }
        if job.get("keep_bodies") or job.get("keep_heads"):
            result["heads"] = [answer.head.decode("latin-1") for answer in answers]
        if job.get("keep_bodies"):
            result["bodies"] = [answer.body.decode() for answer in answers]
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    _serve()
