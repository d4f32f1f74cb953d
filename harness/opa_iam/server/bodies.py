"""Bodies of requests, of which nobody knows how large they are until they have been read, nor how large unpacked."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.requests import Request

_SENT = 8 << 20  # bytes; OPA sends 32 KiB of a decision log at once unless it is told otherwise
_UNPACKED = 64 << 20
_SECONDS = 60.0


async def read(request: Request) -> bytes:
    """Return the JSON of a request, unpacked.

    Raises:
        HTTPException: it is none, is too large, comes too slowly, or is packed in another way than gzip.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the content type must be application/json")
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip"):
        raise HTTPException(415, "the content encoding must be gzip or none")
    unpacked = _Unpacked(gzip=packing == "gzip")
    sent = 0
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.stream():
                sent += len(chunk)
                if sent > _SENT:
                    raise HTTPException(413, f"more than {_SENT >> 20} MiB are sent")
                unpacked.add(chunk)
    except TimeoutError as error:
        raise HTTPException(408, f"the body took longer than {_SECONDS:.0f} seconds") from error
    except ClientDisconnect as error:
        raise HTTPException(400, "the body ends early") from error
    return unpacked.all()


class _Unpacked:
    """What a body is made of, unpacked as it comes, and never more than there may be."""

    def __init__(self, *, gzip: bool) -> None:
        self._unpacker = zlib.decompressobj(wbits=31) if gzip else None
        self._whole = bytearray()

    def add(self, chunk: bytes) -> None:
        try:
            room = _UNPACKED + 1 - len(self._whole)
            self._whole += self._unpacker.decompress(chunk, room) if self._unpacker else chunk
        except zlib.error as error:
            raise HTTPException(400, f"the body is no gzip: {error}") from error
        if len(self._whole) > _UNPACKED or (self._unpacker and self._unpacker.unconsumed_tail):
            raise HTTPException(413, f"more than {_UNPACKED >> 20} MiB are sent, unpacked")

    def all(self) -> bytes:
        if self._unpacker and (not self._unpacker.eof or self._unpacker.unused_data):
            raise HTTPException(400, "the body is not one whole gzip")
        return bytes(self._whole)
