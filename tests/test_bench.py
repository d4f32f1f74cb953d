"""The benchmark's own parts; what it measures is for `make bench`."""

from __future__ import annotations

import socket
import threading
from random import Random
from typing import TYPE_CHECKING

import pytest

from bench import client, draw, result, timing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], client.Connection]]:
    """A function that gives a connection to a server which answers one message with some bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def connect(reply: bytes) -> client.Connection:
            def answer() -> None:
                peer, _ = server.accept()
                with peer:
                    peer.recv(1000)
                    peer.sendall(reply)

            threading.Thread(target=answer, daemon=True).start()
            return client.Connection(f"127.0.0.1:{server.getsockname()[1]}")

        yield connect


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (HEAD + b"Content-Length: 4\r\n\r\ntrue", b"true"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n2\r\ncd\r\n0\r\n\r\n", b"ab\r\ncd"),
        (HEAD + b"\r\n", b""),
    ],
)
def test_replies_are_read_whole(answering: Callable[[bytes], client.Connection], reply: bytes, body: bytes) -> None:
    with answering(reply) as connection:
        assert connection.exchange(client.post("/", b"{}")) == body


@pytest.mark.parametrize("reply", [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno", b"HTTP/1.1 200"])
def test_anything_else_is_an_error(answering: Callable[[bytes], client.Connection], reply: bytes) -> None:
    with answering(reply) as connection, pytest.raises(RuntimeError):
        connection.exchange(client.post("/", b"{}"))


def test_the_same_requests_are_drawn_at_every_run() -> None:
    statement = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::*/${aws:username}/*"}
    principals = [draw.Principal("arn:aws:iam::111122223333:user/ana", [{"Statement": [statement]}])]
    first, second = (draw.requests(Random(1), principals, 50) for _ in range(2))  # noqa: S311 - the same at every run is the point
    assert first == second
    assert any(request["action"].startswith("s3:get") for request in first)
    assert all("*" not in str(request) and "$" not in str(request) for request in first)


def test_rows_take_turns() -> None:
    order: list[str] = []
    rows: dict[str, timing.Row] = {name: (order.append, [name, name]) for name in "ab"}
    times = timing.in_turn(rows, 0)
    assert order == ["a", "a", "b", "b"] * 2  # the first pass warms up
    assert [len(taken.sorted) for taken in times.values()] == [2, 2]


def test_a_missed_target_is_told() -> None:
    ((workload, row, measure), (kind, figure)) = next(iter(result.targets().items()))
    assert kind == "at_most"
    text, met = result.table([result.Result(workload, row, measure, figure + 1)])
    assert (met, text.splitlines()[1].endswith("MISSED")) == (False, True)
    text, met = result.table([result.Result(workload, row, measure, figure), result.Result("x", "y", "z", 1e9)])
    assert (met, text.splitlines()[1].endswith("met")) == (True, True)
