"""What is served: of each bundle the newest archive, and some older ones, from which deltas lead to it.

All of it lives in the event loop; an archive is put in the place of another in one step.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from opa_iam.server.archives import Archive

    Differ = Callable[[bytes, bytes], bytes | None]

_OLDER = 8  # archives of a bundle that are kept
_OLDER_BYTES = 64 << 20
_SENT = 4096  # deltas of which it is remembered to whom they went


@dataclass
class Bundle:
    """One bundle: what is served under its name, and what was.

    Attributes:
        name: its name.
        archive: what is served.
        since: since when, in seconds of the epoch.
    """

    name: str
    archive: Archive
    since: float
    changed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    older: OrderedDict[str, Archive] = field(default_factory=OrderedDict, repr=False)
    deltas: dict[tuple[str, str], asyncio.Future[bytes | None]] = field(default_factory=dict, repr=False)

    def replace(self, archive: Archive, now: float) -> None:
        """Serve another archive, and wake who waits for one."""
        self.older[self.archive.etag] = self.archive
        self.older.pop(archive.etag, None)
        while len(self.older) > _OLDER or sum(len(one.content) for one in self.older.values()) > _OLDER_BYTES:
            self.older.popitem(last=False)
        self.archive, self.since = archive, now
        self.deltas = {}
        self.changed.set()
        self.changed = asyncio.Event()


class Shelf:
    """All bundles by name.

    Attributes:
        bundles: those that are served.
        problems: why a source gives nothing newer, by the name of what it would give.
        closing: whether the server is about to end, so that nobody is to wait any more.
    """

    def __init__(self, differ: Differ | None) -> None:
        """Serve nothing yet.

        Args:
            differ: makes the delta from one archive to another, None where there can't be one; None for no deltas.
        """
        self.bundles: dict[str, Bundle] = {}
        self.problems: dict[str, str] = {}
        self.closing = False
        self._differ = differ
        self._sent: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    def put(self, name: str, archive: Archive, since: float | None = None) -> bool:
        """Serve an archive under a name; tell whether it is another than before."""
        now = time.time() if since is None else since
        bundle = self.bundles.get(name)
        if bundle is None:
            self.bundles[name] = Bundle(name, archive, now)
            return True
        if bundle.archive.etag == archive.etag:
            return False
        bundle.replace(archive, now)
        return True

    def close(self) -> None:
        """Wake everybody who waits; nobody waits from now on."""
        self.closing = True
        for bundle in self.bundles.values():
            bundle.changed.set()

    async def delta(self, bundle: Bundle, new: Archive, base: str, client: str) -> bytes | None:
        """Return the delta that leads from an older archive to a new one, None where a snapshot must do.

        A client that comes back from the same base did not take it, as one that persists its bundle does not: it gets
        the snapshot. So does one that shares its address.
        """
        old, sent = bundle.older.get(base), (client, base, new.etag)
        if self._differ is None or old is None or old.signed or new.signed or sent in self._sent:
            return None
        self._sent[sent] = None
        while len(self._sent) > _SENT:
            self._sent.popitem(last=False)
        key = (base, new.etag)
        if key not in bundle.deltas:
            loop = asyncio.get_running_loop()
            bundle.deltas[key] = loop.run_in_executor(None, self._differ, old.content, new.content)
        made = await asyncio.shield(bundle.deltas[key])
        return made if made and len(made) < len(new.content) else None
