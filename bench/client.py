"""A connection to OPA that costs as little as one can: a raw socket, HTTP/1.1, kept alive."""

from __future__ import annotations

import socket
from typing import Self

_PIECE = 1 << 18


class Connection:
    """One connection, over TCP or a unix socket."""

    def __init__(self, address: str) -> None:
        """Connect to `HOST:PORT` or `unix://PATH`."""
        if address.startswith("unix://"):
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.connect(address.removeprefix("unix://"))
        else:
            host, _, port = address.rpartition(":")
            self._socket = socket.create_connection((host, int(port)))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = b""

    def exchange(self, message: bytes) -> bytes:
        """Send a whole request and return the body of the reply; a status other than 200 is an error."""
        self._socket.sendall(message)
        head = self._until(b"\r\n\r\n")
        body = self._chunks() if b"chunked" in head.lower() else self._take(_length(head))
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")):
            raise RuntimeError((head.split(b"\r\n")[0] + b": " + body[:500]).decode("utf-8", "replace"))
        return body

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _receive(self) -> None:
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise RuntimeError("the server closed the connection")
        self._left += piece

    def _until(self, mark: bytes) -> bytes:
        while (end := self._left.find(mark)) < 0:
            self._receive()
        found, self._left = self._left[:end], self._left[end + len(mark) :]
        return found

    def _take(self, length: int) -> bytes:
        while len(self._left) < length:
            self._receive()
        found, self._left = self._left[:length], self._left[length:]
        return found

    def _chunks(self) -> bytes:
        pieces = []
        while size := int(self._until(b"\r\n"), 16):
            pieces.append(self._take(size))
            self._take(2)
        self._until(b"\r\n")
        return b"".join(pieces)


def post(path: str, body: bytes, method: str = "POST", kind: str = "application/json") -> bytes:
    """Return the bytes of a request, to be sent many times."""
    head = f"{method} {path} HTTP/1.1\r\nHost: opa\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
