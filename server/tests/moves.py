"""What tests of moving a store share: one with something in every table, all that one holds, and the move."""

from __future__ import annotations

from commands import run_meanwhile
from cowrite_server.rooms.compaction import Compactor
from cowrite_server.settings.settings import Settings
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.moving import TABLES, Row
from cowrite_server.store.records import Update, Version, hash_secret
from cowrite_server.store.store import Store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from cowrite_server.wire.sealed import SealedItem
from stores import document, opened, picture
from team import own
from writers import Writers

NAME = 'Ł\'Zoë "🦊" %s\\'


async def fill(store: Store) -> None:
    """Two rooms with something in every table, and one that was forgotten."""
    for name in ("Plan~1.b", "plan-2"):
        writers = Writers(len(name))
        writers.write(40)
        room = await store.ensure_room(name, 1)
        await store.add_invite(room.id, InviteWish(Role.OWNER, 10**13, 7), hash_secret(f"invite of {name}"), 1)
        arrival = Arrival(name, hash_secret(f"invite of {name}"), hash_secret(own(name)), NAME)
        joined = await store.join(arrival, 2)
        assert isinstance(joined, Joined)
        member = joined.member.id
        made = await store.add_invite(room.id, InviteWish(Role.VIEWER), hash_secret(f"another of {name}"), 3, member)
        await store.withdraw(name, [made.id], 4)
        await store.commit([Update(room.id, entry.time, member, entry.data) for entry in writers.entries[:30]])
        await Compactor(store, Settings(store="", history_fine_days=0), lambda: 10**13).compact(room)
        await store.commit([Update(room.id, entry.time, None, entry.data) for entry in writers.entries[30:]])
        await store.name_version(Version(room.id, 40, NAME, member, 5), "", 1)
        await store.commit([picture(room.id, b"of both"), picture(room.id, name.encode() * 9000)])
        for box in ("poll:B", "poll:a", "poll:Ä", "session:\"'🦊"):
            await store.seal(room.id, f"member:{member}", SealedItem(box, "note:1", {"text": NAME}))
        await store.claim_box(room.id, "session:1")
        await store.prepare_box(room.id, "session:1", document(b"opened"))
        await store.claim_box(room.id, "session:2")
    await store.ensure_room("gone", 5)
    await store.forget_room("gone", 6)


async def content(address: str) -> dict[str, list[Row]]:
    """All rows of a store."""
    found: dict[str, list[Row]] = {}
    async with opened(address) as store, store.giving() as giving:
        for table in TABLES:
            found[table.name] = [row async for batch in giving.batches(table) for row in batch]
    return found


async def move(source: str, target: str) -> str:
    """Moves everything; gives what is said of it."""
    done = await run_meanwhile("move", source, target)
    assert (done.status, done.errors) == (0, "")
    return done.out
