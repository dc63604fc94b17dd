"""A rewritten document reads as before, keeps the ids of all that is there, and is read faster."""

from __future__ import annotations

from random import Random
from typing import Any

import pycrdt
import pytest

from cowrite_server.document.replica import Replica
from cowrite_server.document.rewriting import rewritten
from cowrite_server.errors import BrokenUpdate
from cowrite_server.history.moments import decode_parts
from cowrite_server.rooms.rewriting import beginning
from cowrite_server.store.records import Entry, RoomHistory, RoomRecord
from helpers.stopwatch import Stopwatch
from slow_updates import entries_of_one_key

LETTERS = "aé😀"
"""Where no embeds are among them, for they move the places of what is beyond ASCII in pycrdt."""


class Writer:
    """Somebody who writes in a copy of their own."""

    def __init__(self, client: int, chance: Random) -> None:
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        self.body = self.doc.get("body", type=pycrdt.Text)
        self.title = self.doc.get("title", type=pycrdt.Text)
        self.board = self.doc.get("board", type=pycrdt.Map)
        self.steps = self.doc.get("steps", type=pycrdt.Array)
        self.page = self.doc.get("page", type=pycrdt.XmlFragment)
        self.chance = chance

    def act(self) -> None:
        """Does something."""
        chance, size = self.chance, len(self.body)
        at, stop = (chance.randrange(size + 1) for _ in range(2))
        match chance.randrange(11):
            case 0 | 1 | 2:
                self.body.insert(at, chance.choice("abc ") * chance.randrange(1, 4))
            case 3 if at < stop:
                del self.body[at:stop]
            case 4 if at < stop:
                self.body.format(at, stop, {"bold": chance.choice([True, None])})
            case 5:
                self.body.insert_embed(at, {"image": chance.randrange(9)})
            case 6:
                self.board[chance.choice("xyz")] = pycrdt.Map({"text": pycrdt.Text("note"), "at": 0})
            case 7:
                note = self.board.get(chance.choice("xyz"))
                if isinstance(note, pycrdt.Map):
                    note["at"] = chance.randrange(9)
                    note["text"].insert(chance.randrange(len(note["text"]) + 1), "w")
            case 8:
                self.steps.insert(chance.randrange(len(self.steps) + 1), chance.randrange(9))
                if chance.random() < 0.4:
                    del self.steps[chance.randrange(len(self.steps))]
            case 9:
                text = str(self.title)
                place = len(text[: chance.randrange(len(text) + 1)].encode())
                self.title.insert(place, chance.choice(LETTERS) * 2)
                if chance.random() < 0.3:
                    del self.title[0 : len(str(self.title)[0].encode())]
            case 10:
                element = self.page.children.append(pycrdt.XmlElement("p"))
                element.attributes["class"] = chance.choice("ab")
                element.children.append(pycrdt.XmlText("words"))
                if len(self.page.children) > 3:
                    del self.page.children[chance.randrange(3)]


def written(seed: int, acts: int = 120) -> bytes:
    """What some people have written who were apart now and then."""
    chance = Random(seed)
    writers = [Writer(client, chance) for client in chance.sample(range(1, 2**32), 4)]
    for _ in range(acts):
        chance.choice(writers).act()
        if chance.random() < 0.3:
            left, right = chance.sample(writers, 2)
            left.doc.apply_update(right.doc.get_update(left.doc.get_state()))
    replica = Replica([writer.doc.get_update() for writer in writers])
    return replica.whole()


def read(document: bytes) -> Writer:
    """Somebody who has a document."""
    reader = Writer(1, Random(0))
    reader.doc.apply_update(document)
    return reader


def said(document: bytes) -> tuple[Any, ...]:
    """What a document says."""
    reader = read(document)
    board = {name: note.to_py() for name, note in reader.board.items()}
    return runs(reader.body), str(reader.title), board, reader.steps.to_py(), str(reader.page)


def runs(text: pycrdt.Text) -> list[Any]:
    """The units of a text with their looks."""
    return [(unit, looks) for part, looks in text.diff() for unit in (part if isinstance(part, str) else [part])]


@pytest.mark.parametrize("seed", range(40))
def test_a_rewritten_document_reads_as_before_and_keeps_its_ids(seed: int) -> None:
    document = written(seed)
    made = rewritten(document)
    assert said(made) == said(document)
    assert Replica([made]).clocks() == Replica([document]).clocks()
    assert len(rewritten(made)) == len(made)
    before, after = read(document).body, read(made).body
    for at in range(len(before)):
        place = before.sticky_index(at, pycrdt.Assoc.AFTER)
        assert pycrdt.StickyIndex.from_json(place.to_json(), after).get_index() == place.get_index()


@pytest.mark.parametrize("seed", range(20))
def test_people_who_go_on_in_a_rewritten_document_come_to_the_same(seed: int) -> None:
    made, chance = rewritten(written(seed)), Random(seed)
    writers = [Writer(client, chance) for client in (7, 2**31, 9)]
    for writer in writers:
        writer.doc.apply_update(made)
    for _ in range(60):
        chance.choice(writers).act()
    updates = [writer.doc.get_update(Replica([made]).state()) for writer in writers]
    orders = [[made, *chance.sample(updates, 3)] for _ in range(3)]
    first, *others = [said(Replica(order).whole()) for order in orders]
    assert others == [first, first]


@pytest.mark.parametrize("in_json", [False, True])
def test_a_place_that_something_names_stays_where_its_letter_was_deleted(in_json: bool) -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    text, comments = doc.get("body", type=pycrdt.Text), doc.get("comments", type=pycrdt.Map)
    text += "one two three"
    place = text.sticky_index(5, pycrdt.Assoc.AFTER).to_json()
    comments["comment"] = str(place).replace("'", '"').replace("None", "null") if in_json else place
    del text[4:8]
    made = rewritten(doc.get_update())
    after = read(made).body
    assert str(after) == "one three"
    assert pycrdt.StickyIndex.from_json(place, after).get_index() == 4


def test_an_entry_of_several_values_into_which_somebody_wrote_reads_as_before() -> None:
    document = bytes.fromhex("0102460024010175016b03616263844601016100")
    made = rewritten(Replica([document]).whole())
    assert [read(each).doc.get("u", type=pycrdt.Map).to_py() for each in (document, made)] == [{"k": "c"}] * 2


def test_a_number_of_a_million_bytes_names_nothing_and_holds_nobody() -> None:
    writer = Writer(5, Random(0))
    writer.board["x"] = b"\x06client\x7d" + b"\xff" * 1_000_000 + b"\0\x05clock\x7d\1"
    assert rewritten(writer.doc.get_update()) == writer.doc.get_update()


def test_a_document_that_is_slow_because_of_what_was_deleted_is_fast_again() -> None:
    slow = Replica([entries_of_one_key(1500)]).whole()
    made = rewritten(slow)
    assert len(made) < len(slow) / 100
    assert Replica([made]).seconds < Replica([slow]).seconds / 20


def test_a_long_text_is_not_looked_at_letter_by_letter() -> None:
    writer = Writer(5, Random(0))
    for _ in range(10):
        writer.body.insert(0, LETTERS * 20_000)
    document = writer.doc.get_update()
    watch = Stopwatch()
    made = rewritten(document)
    assert watch.seconds < 1  # one by one it takes twenty times as long
    assert said(made) == said(document)


def with_a_lost_update() -> list[bytes]:
    """What two people have written, and of the second one not what came first."""
    ann: pycrdt.Doc[Any] = pycrdt.Doc(client_id=9)
    ann.get("body", type=pycrdt.Text).insert(0, "hello")
    ben: pycrdt.Doc[Any] = pycrdt.Doc(client_id=11)
    ben.apply_update(ann.get_update())
    updates = [ann.get_update()]
    subscription = ben.observe(lambda event: updates.append(event.update))
    for at, letter in enumerate("XYZ"):
        ben.get("body", type=pycrdt.Text).insert(3 * at, letter)
    ben.unobserve(subscription)
    del updates[1]
    return updates


def test_what_is_read_though_something_before_it_was_lost_stays() -> None:
    document = Replica(with_a_lost_update()).arrived()
    assert str(read(document).body) == "heYllZo"
    assert said(rewritten(document)) == said(document)


def test_who_wrote_what_is_known_where_an_update_was_lost() -> None:
    ann, *ben = with_a_lost_update()
    entries = [Entry(1, 10, 1, ann), *(Entry(seq, 11, 2, update) for seq, update in enumerate(ben, 2))]
    made = beginning(RoomRecord(1, "room", "epoch"), RoomHistory(None, [], entries, 1), 20)
    assert not made.lacks
    parts = decode_parts(made.moment.data)
    assert {member: part.inserted for member, part in parts.items() if part.inserted} == {
        1: {9: [(0, 5)]},
        None: {11: [(0, 3)]},
    }


def test_what_only_the_library_knows_is_not_rewritten() -> None:
    with pytest.raises(BrokenUpdate):
        rewritten(b"\x01\x01\x01\x05\x04\x01\x04body\x01a\x00")  # it begins in the middle


def test_a_copy_of_before_that_is_merged_doubles_nothing() -> None:
    copy = Writer(5, Random(0))
    copy.body += "one two three"
    del copy.body[3:7]
    made = Replica([rewritten(copy.doc.get_update())])
    copy.body += " four"
    made.apply(copy.doc.get_update(made.state()))
    assert str(read(made.whole()).body) == "one three four"
