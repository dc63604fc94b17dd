"""Stores for tests, and what is put into them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pycrdt import Doc, Text

from cowrite_server.audit import history_restored
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.opening import open_store
from cowrite_server.store.records import Blob, Moment, Snapshot, Update, hash_secret
from cowrite_server.store.store import Store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from cowrite_server.wire.sealed import SealedItem
from team import own


@asynccontextmanager
async def opened(address: str, *, serving: bool = False) -> AsyncIterator[Store]:
    """A store, closed at the end."""
    store = await open_store(address, serving=serving)
    try:
        yield store
    finally:
        await store.close()


OpenStore = Callable[[], Awaitable[Store]]
"""Opens a store once more, as another process or node would."""


def document(text: bytes) -> bytes:
    """A document with this text, as one update."""
    doc: Doc[Text] = Doc()
    doc.get("body", type=Text).insert(0, text.decode())
    return doc.get_update()


def picture(room: int, data: bytes) -> Blob:
    return Blob(room, hashlib.sha256(data).digest(), "image/png", data)


WORD = b"quixotic-marmalade-of-"


async def fill(store: Store, name: str) -> int:
    """A room with something in every table; gives its key."""
    room = await store.ensure_room(name, 1)
    await store.add_invite(room.id, InviteWish(Role.OWNER), hash_secret(f"invite of {name}"), 1)
    joined = await store.join(Arrival(name, hash_secret(f"invite of {name}"), hash_secret(own(name)), "Ada"), 2)
    assert isinstance(joined, Joined)
    member = joined.member.id
    await store.add_invite(room.id, InviteWish(Role.EDITOR), hash_secret(f"another of {name}"), 3, member)
    words = WORD + name.encode()
    await store.commit([Update(room.id, number, member, words) for number in range(1, 9)])
    await store.commit([Update(room.id, 9, member, words, history_restored(1))])
    await store.compact(0, Snapshot(room.id, 4, 9, words), [Moment(room.id, 1, 4, 1, 4, words)])
    await store.commit([picture(room.id, b"of both"), picture(room.id, words)])
    await store.seal(room.id, f"member:{member}", SealedItem("poll:1", "note:1", {"text": words.decode()}))
    await store.claim_box(room.id, "session:1")
    await store.prepare_box(room.id, "session:1", document(words))
    return room.id
