"""Nothing leaves this machine: a test that would ask another host fails."""

import socket
from typing import Any

from tests.harness import offences

LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "", None}


def _is_local(address: Any) -> bool:
    host = address[0] if isinstance(address, tuple) else None
    return host in LOCAL or str(host).startswith("127.")


def _insist(address: Any) -> None:
    if not _is_local(address):
        raise offences.record(f"a connection to {address[0]} was tried")


_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _local_connect(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX:
        _insist(address)
    return _connect(self, address)


def _local_connect_ex(self: socket.socket, address: Any) -> int:
    if self.family != socket.AF_UNIX:
        _insist(address)
    return _connect_ex(self, address)


def _local_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    _insist((host.decode() if isinstance(host, bytes) else host,))
    return _getaddrinfo(host, *args, **kwargs)


socket.socket.connect = _local_connect  # type: ignore[method-assign,assignment]
socket.socket.connect_ex = _local_connect_ex  # type: ignore[method-assign,assignment]
socket.getaddrinfo = _local_getaddrinfo
