"""Replay: every version that was saved is found again in the log, with its moments and authors, and is brought back."""

from __future__ import annotations

import random

import pytest
from pycrdt import Doc, Map, Text

from cowrite_server.document.ranges import count_units
from cowrite_server.errors import NoSuchMoment
from cowrite_server.history.moments import LONGEST, MOST_ENTRIES, MUCH, PAUSE, TOGETHER
from cowrite_server.history.replay import Replay
from cowrite_server.history.restoring import restoring, text_of, who_wrote
from cowrite_server.rooms.compaction import compacted
from cowrite_server.store.records import Entry, RoomHistory, RoomRecord
from helpers.seeds import seeds
from sync_clients import Client
from writers import Writers, body_of, document_of, edit

ROOM = RoomRecord(1, "room", "epoch")

SEEDS = seeds(2)


def replayed(*entries: Entry) -> Replay:
    return Replay.read(ROOM, RoomHistory(None, [], list(entries), 1))


def at_each_entry(replay: Replay, entries: list[Entry]) -> list[object]:
    bodies = []
    for entry in entries:
        after, upto = replay.needs(entry.seq)
        bodies.append(body_of(document_of(replay.at(entry.seq, entries[after:upto]).document())))
    return bodies


# Moments


def entry_at(seq: int, time: int, member: int | None = 1) -> Entry:
    return Entry(seq, time, member, b"\x00\x00")


def grouped(*entries: tuple[int, int]) -> list[tuple[int, int]]:
    replay = replayed(*(entry_at(seq, time, member) for seq, (time, member) in enumerate(entries, 1)))
    return [(moment.first, moment.last) for moment in replay.moments]


def test_a_pause_ends_a_moment() -> None:
    assert grouped((0, 1), (PAUSE, 1), (2 * PAUSE + 1, 1)) == [(1, 2), (3, 3)]


def test_a_clock_set_back_ends_a_moment_as_a_pause_does() -> None:
    day = 24 * 60 * 60_000
    assert grouped((3 * day, 1), (3 * day + 1, 1), (0, 1), (1, 1)) == [(1, 2), (3, 4)]
    assert grouped((PAUSE, 1), (0, 1), (PAUSE, 1)) == [(1, 3)]  # clocks are set by seconds all the time


def test_another_author_begins_a_moment() -> None:
    assert grouped((0, 1), (1, 1), (TOGETHER + 2, 2), (TOGETHER + 3, 2)) == [(1, 2), (3, 4)]


def test_two_who_write_at_the_same_time_share_a_moment() -> None:
    replay = replayed(entry_at(1, 0, 1), entry_at(2, TOGETHER, 2), entry_at(3, TOGETHER + 1, 1))
    assert [(moment.first, moment.last) for moment in replay.moments] == [(1, 3)]
    assert set(replay.parts()) == {1, 2}


def test_a_restoring_begins_a_moment_so_that_what_was_before_it_can_be_chosen() -> None:
    replay = replayed(entry_at(1, 0), entry_at(2, 1)._replace(begins=True), entry_at(3, 2))
    assert [(moment.first, moment.last) for moment in replay.moments] == [(1, 1), (2, 3)]


def test_before_much_is_taken_away_at_once_a_moment_ends_so_that_it_can_be_chosen() -> None:
    doc = Doc()
    body = doc.get("body", type=Text)
    entries: list[Entry] = []
    subscription = doc.observe(lambda event: entries.append(Entry(len(entries) + 1, 0, 1, event.update)))
    body += "x" * (2 * MUCH)
    del body[: MUCH - 1]  # as much as that may come and go
    del body[:MUCH]
    body += "Oops"
    doc.unobserve(subscription)
    everything = Entry(5, 1, 1, doc.get_update())  # deletes nothing that was there
    moments = replayed(*entries, everything).moments
    assert [(moment.first, moment.last) for moment in moments] == [(1, 2), (3, 5)]


def test_a_moment_ends_after_a_while_even_without_a_pause() -> None:
    step = PAUSE // 2
    times = [(number * step, 1) for number in range(2 * LONGEST // step)]
    assert [last - first + 1 for first, last in grouped(*times)] == [LONGEST // step + 1, LONGEST // step - 1]
    assert grouped(*[(0, 1)] * (MOST_ENTRIES + 1)) == [(1, MOST_ENTRIES), (MOST_ENTRIES + 1, MOST_ENTRIES + 1)]


def test_who_comes_back_with_all_that_was_ever_deleted_has_deleted_what_nobody_had_before() -> None:
    ann, ben = Client(), Client()
    with ann.doc.transaction():
        ann.body.insert(0, "0123456789")
    first = ann.doc.get_update()
    ben.doc.apply_update(first)
    seen = ann.doc.get_state()
    with ann.doc.transaction():
        del ann.body[2:5]
    gone = ann.doc.get_update(seen)
    ben.doc.apply_update(gone)
    with ben.doc.transaction():
        ben.body.insert(7, "!")
        del ben.body[0:1]
    back = ben.doc.get_update(seen)  # as in a second step of syncing
    replay = replayed(Entry(1, 0, 1, first), Entry(2, 1, 1, gone), Entry(3, PAUSE, 2, back), Entry(4, PAUSE, 1, back))
    assert {member: count_units(part.deleted) for member, part in replay.parts().items()} == {1: 3, 2: 1}


# What was saved is there again


@pytest.mark.parametrize("seed", SEEDS)
def test_history_replay_equals_each_saved_version(seed: int) -> None:
    writers = Writers(seed)
    writers.write(36)
    assert at_each_entry(replayed(*writers.entries), writers.entries) == writers.saved


@pytest.mark.parametrize("seed", SEEDS)
def test_compaction_changes_neither_a_moment_nor_a_version(seed: int) -> None:
    writers = Writers(seed)
    writers.write(36)
    whole = replayed(*writers.entries)
    history = RoomHistory(None, [], [], 1)
    done = 0
    while done < len(writers.entries):
        more = writers.entries[done : done + writers.chance.randint(1, 20)]
        done = more[-1].seq
        snapshot, moments, _ = compacted(ROOM, RoomHistory(history.snapshot, history.moments, more, 1), 0)
        kept = [moment for moment in history.moments if moment.last < moments[0].first]
        history = RoomHistory(snapshot, [*kept, *moments], [], 1)
    replay = Replay.read(ROOM, history)
    assert replay.moments == whole.moments
    assert at_each_entry(replay, writers.entries) == writers.saved


def test_an_edit_that_waits_for_another_shows_when_it_is_whole() -> None:
    writer = Client()
    updates: list[bytes] = []
    subscription = writer.doc.observe(lambda event: updates.append(event.update))
    for character in "abc":
        writer.body.insert(len(writer.text), character)
    writer.doc.unobserve(subscription)
    entries = [Entry(seq, seq * 2 * PAUSE, None, updates[at]) for seq, at in ((1, 0), (2, 2), (3, 1))]
    snapshot, moments, _ = compacted(ROOM, RoomHistory(None, [], entries[:2], 1), 0)
    replay = Replay.read(ROOM, RoomHistory(snapshot, moments, entries[2:], 1))
    assert [text_of(replay.at(seq).document()) for seq in (1, 2, 3)] == ["a", "a", "abc"]


def test_an_entry_that_never_was_has_no_moment() -> None:
    replay = replayed(entry_at(1, 0))
    for seq in (0, 2):
        with pytest.raises(NoSuchMoment):
            replay.at(seq)


# Who wrote what


@pytest.mark.parametrize("seed", SEEDS)
def test_every_character_is_its_authors(seed: int) -> None:
    chance = random.Random(seed)
    clients = [Client(), Client()]
    entries: list[Entry] = []
    for seq in range(1, 41):
        member = chance.randrange(2)
        client = clients[member]
        before = client.doc.get_state()
        places = [len(client.text[:index].encode()) for index in range(len(client.text) + 1)]
        begin, end = sorted(chance.choices(places, k=2))
        if chance.random() < 0.3:
            del client.body[begin:end]
        else:
            client.body.insert(begin, "aé🙂" if member == 0 else "BÉ漢")
        update = client.doc.get_update(before)
        clients[1 - member].apply(update)
        entries.append(Entry(seq, seq * chance.choice((1, PAUSE)), member + 1, update))
    replay = replayed(*entries)
    owners = "".join(
        str(member) * (len(char.encode("utf-16-le")) // 2)
        for char in clients[0].text
        for member in [1 if char in "aé🙂" else 2]
    )
    spans = who_wrote(replay.document(), replay.parts())
    assert "".join(str(span.member) * span.length for span in spans) == owners


# Restoring


@pytest.mark.parametrize("seed", SEEDS)
def test_restoring_brings_back_text_looks_and_title(seed: int) -> None:
    writers = Writers(seed)
    writers.write(50)
    replay = replayed(*writers.entries)
    for seq in writers.chance.sample(range(1, 51), 6):
        after, upto = replay.needs(seq)
        then = replay.at(seq, writers.entries[after:upto]).document()
        update = restoring(replay.document(), then)
        restored, wanted = document_of(replay.document(), update), document_of(then)
        assert body_of(restored) == writers.saved[seq - 1]
        assert restored.get("meta", type=Map).get("title") == wanted.get("meta", type=Map).get("title")
        assert restoring(restored.get_update(), then) == b"\x00\x00"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_restoring_merges_with_what_was_written_offline(seed: int) -> None:
    writers = Writers(seed)
    writers.write(40)
    replay = replayed(*writers.entries)
    moment = writers.chance.choice(replay.moments)
    update = restoring(replay.document(), replay.at(moment.last).document())
    offline, online = document_of(replay.document()), document_of(replay.document(), update)
    for _ in range(10):
        edit(writers.chance, offline)
        edit(writers.chance, online)
    offline.apply_update(online.get_update())
    online.apply_update(offline.get_update())
    assert body_of(offline) == body_of(online)
