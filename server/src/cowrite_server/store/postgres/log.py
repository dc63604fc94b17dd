"""The queries of a room's log, snapshot and blobs in PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from cowrite_server.store.audit import note
from cowrite_server.store.postgres.database import Connection
from cowrite_server.store.postgres.tables import PostgresTables
from cowrite_server.store.records import NO_SPACE, ROOM_GONE, Blob, Record, Update


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit on its way; when the connection is lost on it, nobody knows whether it went through.

    Attributes:
        writer: who commits.
        number: how many commits of this writer came before.
        records: what is to be in the log.
        known: numbers of those at the beginning that are in it already.
    """

    writer: UUID
    number: int
    records: Sequence[Record]
    known: Sequence[int]

    def begins(self, records: Sequence[Record]) -> bool:
        """Whether `records` begin with those of this commit."""
        pairs = zip(self.records, records, strict=False)
        return len(self.records) <= len(records) and all(mine is theirs for mine, theirs in pairs)

    @property
    def rest(self) -> Sequence[Record]:
        """What is not yet in the log."""
        return self.records[len(self.known) :]


async def write(connection: Connection, commit: Commit, room_blob_bytes: int) -> list[int]:
    """Writes records in one transaction; see `store.Store.commit`.

    Args:
        connection: for this alone.
        commit: what to write.
        room_blob_bytes: what the blobs of a room may cost together.
    """
    # All of it is sent at once, its end included: others wait for the rooms only as long as the database works on it.
    async with connection.pipeline(), connection.transaction():
        await _lock(connection, commit.records)
        given = await _give_numbers(connection, commit)
        await _write_updates(connection, commit.rest)
        before = None
        if any(update.deed for update in _updates(commit.rest)):
            before = [] if given is None else await given.fetchall()
            for update, number in zip(commit.rest, _numbers(commit.rest, before), strict=True):
                if isinstance(update, Update) and update.deed is not None and number != ROOM_GONE:
                    await note(PostgresTables(connection), update.room, update.time, update.member, update.deed)
        # Blobs have no numbers by which to tell whether they are known; one that is there already does no harm.
        answers = await _write_blobs(connection, commit.records, room_blob_bytes)
    if before is None:
        before = [] if given is None else await given.fetchall()
    numbers = [*commit.known, *_numbers(commit.rest, before)]
    for place, answer in answers.items():
        row = await answer.fetchone()
        numbers[place] = 0 if row is None else row[0]
    return numbers


async def known_of(connection: Connection, doubt: Commit) -> Sequence[int]:
    """The numbers of the records that are in the log of a commit that failed: of all, or of none but `known`.

    A database that was cut off before it began with what was sent may still carry it out later. Then the log holds it
    twice, which changes no document.

    Args:
        connection: for this alone.
        doubt: the commit.
    """
    async with connection.transaction():
        await _lock(connection, doubt.records)  # had by the commit to its end, if it still goes on somewhere
        cursor = await connection.execute(
            "SELECT unnest(rooms), unnest(before) FROM commits WHERE writer = %s AND number = %s",
            (doubt.writer, doubt.number),
        )
        rows = await cursor.fetchall()
    return [*doubt.known, *_numbers(doubt.rest, rows)] if rows else doubt.known


async def _lock(connection: Connection, records: Sequence[Record]) -> None:
    # In the order of their keys: nodes that lock the same rooms in different orders would wait for each other.
    await connection.execute(
        "SELECT 1 FROM rooms WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        (sorted({record.room for record in records}),),
    )


async def _give_numbers(connection: Connection, commit: Commit) -> psycopg.AsyncCursor[tuple[int, int]] | None:
    counts = Counter((update.room, update.name) for update in _updates(commit.rest))
    if not counts:
        return None
    return await connection.execute(
        "WITH given AS (UPDATE rooms SET last = last + more.count "
        "FROM unnest(%b::bigint[], %b::text[], %b::bigint[]) AS more (room, name, count) "
        "WHERE id = more.room AND rooms.name = coalesce(more.name, rooms.name) "
        "RETURNING id, last - more.count AS before), "
        "noted AS (INSERT INTO commits (writer, number, rooms, before) "
        "SELECT %s, %s, coalesce(array_agg(id), '{}'), coalesce(array_agg(before), '{}') FROM given "
        "ON CONFLICT (writer) DO UPDATE "
        "SET number = excluded.number, rooms = excluded.rooms, before = excluded.before, time = excluded.time) "
        "SELECT id, before FROM given",
        (
            [room for room, _ in counts],
            [name for _, name in counts],
            list(counts.values()),
            commit.writer,
            commit.number,
        ),
    )


def _updates(records: Sequence[Record]) -> list[Update]:
    """The updates that can have numbers: if two say that their room is called otherwise, the later one knows it."""
    updates = [record for record in records if isinstance(record, Update)]
    names = {update.room: update.name for update in updates}
    return [update for update in updates if update.name == names[update.room]]


def _numbers(records: Sequence[Record], before: Iterable[tuple[int, int]]) -> list[int]:
    last = dict(before)
    names = {update.room: update.name for update in _updates(records)}
    numbers = []
    for record in records:
        if not isinstance(record, Update):
            numbers.append(0)
        elif record.room in last and record.name == names[record.room]:
            last[record.room] += 1
            numbers.append(last[record.room])
        else:
            numbers.append(ROOM_GONE)
    return numbers


async def _write_updates(connection: Connection, records: Sequence[Record]) -> None:
    updates = _updates(records)
    if not updates:
        return
    after: Counter[int] = Counter()  # how many updates of the room come after this one
    behind = []
    for update in reversed(updates):
        behind.append(after[update.room])
        after[update.room] += 1
    # A room that never was gives no number, which the table refuses.
    await connection.execute(
        "INSERT INTO updates (room, seq, time, member, data, begins) "
        "SELECT more.room, last - behind, time, nullif(member, 0), data, begins "
        "FROM unnest(%b::bigint[], %b::text[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[], %b::boolean[]) "
        "AS more (room, name, behind, time, member, data, begins) LEFT JOIN rooms ON id = more.room "
        "WHERE CASE WHEN id IS NULL THEN NOT EXISTS (SELECT FROM forgotten WHERE forgotten.room = more.room) "
        "ELSE rooms.name = coalesce(more.name, rooms.name) END",
        (
            [update.room for update in updates],
            [update.name for update in updates],
            behind[::-1],
            [update.time for update in updates],
            [update.member or 0 for update in updates],
            [update.data for update in updates],
            [update.begins for update in updates],
        ),
    )


async def _write_blobs(
    connection: Connection, records: Sequence[Record], most: int
) -> dict[int, psycopg.AsyncCursor[tuple[int]]]:
    """Keeps those blobs for which their rooms have space.

    Returns:
        For the place of each blob among the records what will answer 0 where its room has it now, or why not.
    """
    blobs = [(record.hash, place, record) for place, record in enumerate(records) if isinstance(record, Blob)]
    answers = {}
    for _, place, blob in sorted(blobs, key=lambda each: each[:2]):  # see the order of rooms
        answers[place] = await connection.execute(
            "WITH held AS (SELECT 1 FROM room_blobs WHERE room = %(room)s AND hash = %(hash)b), "
            "taken AS (UPDATE rooms SET blob_bytes = blob_bytes + %(cost)s "
            "WHERE id = %(room)s AND blob_bytes + %(cost)s <= %(most)s AND NOT EXISTS (SELECT FROM held) "
            "AND name = coalesce(%(name)s::text, name) "
            "RETURNING id), "
            "kept AS (INSERT INTO blobs (hash, media_type, data) "
            "SELECT %(hash)b, %(media_type)s, %(data)b FROM taken ON CONFLICT (hash) DO NOTHING), "
            "told AS (INSERT INTO room_blobs (room, hash) SELECT id, %(hash)b FROM taken) "
            "SELECT CASE WHEN EXISTS (SELECT FROM held) OR EXISTS (SELECT FROM taken) THEN 0 "
            "WHEN EXISTS (SELECT FROM forgotten WHERE room = %(room)s) "
            "OR EXISTS (SELECT FROM rooms WHERE id = %(room)s AND name <> %(name)s::text) THEN %(gone)s "
            "ELSE %(full)s END",
            {
                "room": blob.room,
                "name": blob.name,
                "hash": blob.hash,
                "cost": blob.cost,
                "most": most // blob.part,
                "media_type": blob.media_type,
                "data": blob.data,
                "gone": ROOM_GONE,
                "full": NO_SPACE,
            },
        )
    return answers
