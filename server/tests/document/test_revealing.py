"""The update that puts what lay in a box into the document."""

from __future__ import annotations

from random import Random
from typing import Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite_server.document.revealing import Contribution, has_box, revealing
from cowrite_server.document.updates import EMPTY_UPDATE, clocks

SESSION, POLL = "session:1", "poll:1"


def document(**entries: dict[str, Any]) -> pycrdt.Doc[Any]:
    """A document with these entries on its board."""
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    board = doc.get("board", type=pycrdt.Map)
    for id, fields in {"session_1": {"is_anonymous": False}, "poll_1": {"is_anonymous": False}, **entries}.items():
        board[id.replace("_", ":")] = pycrdt.Map(fields)
    return doc


def revealed(doc: pycrdt.Doc[Any], *contributions: Contribution, box: str = SESSION, seed: int = 1) -> dict[str, Any]:
    """The board afterwards."""
    doc.apply_update(revealing(doc.get_update(), box, contributions, 1000, Random(seed)))
    board = doc.get("board", type=pycrdt.Map)
    return {id: board[id].to_py() for id in board.keys()}  # noqa: SIM118 - a map of pycrdt iterates otherwise


def note(text: str, author: str = "member:1", id: str = "note:1", **fields: Any) -> Contribution:
    return Contribution(author, "Ada", id, {"text": text, **fields})


def notes(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [fields for id, fields in board.items() if id.startswith("note:")]


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def test_the_update_is_by_a_client_that_nobody_was() -> None:
    doc = document()
    before = clocks(doc.get_state())
    for seed in range(20):
        new = clocks(pycrdt.get_state(revealing(doc.get_update(), SESSION, [note("x")], 1, Random(seed))))
        assert len(new) == 1
        assert not set(new) & set(before)


def test_the_order_is_drawn_by_lot() -> None:
    orders = set()
    for seed in range(20):
        board = revealed(document(), *(note(str(number), id=f"note:{number}") for number in range(5)), seed=seed)
        orders.add(tuple(each["text"] for each in sorted(notes(board), key=lambda each: (each["y"], each["x"]))))
    assert len(orders) > 10


def test_notes_lie_beside_each_other_and_beside_what_is_there() -> None:
    there = {"x": -300.0, "y": 40.0, "width": 500, "height": 90, "text": "there"}
    board = revealed(document(note_0=there), *(note("x", id=f"note:{number}", x=5, y=5) for number in range(1, 30)))
    found = notes(board)
    assert len(found) == 30
    assert not any(overlap(one, other) for at, one in enumerate(found) for other in found[:at])


def test_a_note_stays_in_the_frame_that_it_was_put_into() -> None:
    frames = {
        f"frame_{number}": {"title": str(number), "x": 1000 * number, "y": 0, "width": 700, "height": 900}
        for number in range(3)
    }
    contributions = [
        note(str(number % 3), id=f"note:{number}", x=1000 * (number % 3) + 300, y=70 * number) for number in range(12)
    ]
    found = notes(revealed(document(**frames), *contributions))
    assert not any(overlap(one, other) for at, one in enumerate(found) for other in found[:at])
    for each in found:
        left = 1000 * int(each["text"])
        assert left <= each["x"] <= left + 700 - each["width"]
        assert 0 < each["y"] < 900 - each["height"]


@pytest.mark.parametrize("kind", [pycrdt.XmlFragment, pycrdt.Map, lambda: pycrdt.Map({"in": pycrdt.XmlFragment()})])
def test_what_another_program_put_into_a_note_keeps_no_box_shut(kind: Any) -> None:
    doc = document(note_2={"text": "there", "x": 0, "y": 0})
    doc.get("board", type=pycrdt.Map)["note:2"]["strange"] = kind()

    doc.apply_update(revealing(doc.get_update(), SESSION, [note("mine")], 1000, Random(1)))

    assert doc.get("board", type=pycrdt.Map)["note:1"]["text"].to_py() == "mine"


def test_what_one_person_sealed_as_two_members_of_a_server_that_was_moved_counts_once() -> None:
    one, again, other = note("Tea"), note("Tea", "member:2"), note("Cake", "member:3")
    assert sorted(each["text"] for each in notes(revealed(document(), one, again, other))) == ["Cake", "Tea"]
    first, last, mate = (
        Contribution(f"member:{number}", "", "ballot", {"position": position, "id": id})
        for number, position, id in ((1, "agree", "a"), (2, "object", "a"), (3, "agree", "b"))
    )
    board = revealed(document(), first, last, mate, box=POLL)
    assert [each["position"] for each in board[POLL]["ballots"]] == ["agree", "object"]


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_revealed_copy_of_an_idea_says_what_the_model_wrote_and_where_nobody_is_named_what_is_left_of_it(
    is_anonymous: bool,
) -> None:
    model_text = "Herbs for all.\nAnd " + "very " * 100 + "many"
    left = "Herbs for …"
    copy = note("Herbs for cooks", hand="adopted", lens="cook", assist="r1", model_text=model_text, model_words=left)
    (shown,) = notes(revealed(document(session_1={"is_anonymous": is_anonymous}), copy))
    assert (shown["text"], shown["hand"], shown["lens"]) == ("Herbs for cooks", "adopted", "cook")
    assert (shown.get("model_text"), shown.get("assist")) == ((left, None) if is_anonymous else (model_text, "r1"))
    assert "model_words" not in shown


def test_a_box_without_an_entry_gives_nothing() -> None:
    doc = document(session_2={})
    doc.get("board", type=pycrdt.Map)["session:3"] = "no map"
    assert revealing(doc.get_update(), "session:9", [note("x")], 1, Random(1)) == EMPTY_UPDATE
    assert revealing(doc.get_update(), "session:3", [note("x")], 1, Random(1)) == EMPTY_UPDATE
    assert has_box(doc.get_update(), "session:2")
    assert not has_box(doc.get_update(), "session:3")


def test_an_empty_box_is_opened_all_the_same_and_once() -> None:
    doc = document()
    assert revealed(doc)[SESSION]["is_revealed"] is True
    assert revealing(doc.get_update(), SESSION, [], 1, Random(1)) == EMPTY_UPDATE
    assert revealed(doc, box=POLL)[POLL]["ballots"] == []
    assert revealing(doc.get_update(), POLL, [], 1, Random(1)) == EMPTY_UPDATE


def test_ballots_of_a_poll_that_was_closed_without_the_box_join_those_that_are_there() -> None:
    foreign = {"position": b"consent"}
    doc = document(poll_1={"is_closed": True, "ballots": [{"position": "consent"}, "nonsense", foreign]})
    board = revealed(doc, Contribution("member:1", "Ada", "ballot", {"position": "concern"}), box=POLL)
    assert board[POLL]["ballots"][1:] == [{"position": "concern", "voter": "Ada"}, {"position": "consent"}]


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_box_that_was_opened_already_as_that_of_an_older_backup_adds_no_ballot_twice(is_anonymous: bool) -> None:
    doc = document(poll_1={"is_anonymous": is_anonymous})
    cast = [Contribution(f"m{at}", f"P{at}", "ballot", {"dots": {"note:1": at // 2}}) for at in range(4)]
    closed = revealed(doc, *cast, box=POLL)
    assert revealing(doc.get_update(), POLL, cast, 1000, Random(2)) == EMPTY_UPDATE
    late = Contribution("m9", "P9", "ballot", {"dots": {"note:1": 1}})
    again = revealed(doc, *cast, late, box=POLL)
    assert len(closed[POLL]["ballots"]) == 4
    assert len(again[POLL]["ballots"]) == 5


def test_somebody_who_is_named_and_had_voted_otherwise_before_counts_as_they_voted_last() -> None:
    last = {"position": "consent", "voter": "Ada"}
    doc = document(poll_1={"is_closed": True, "ballots": [last]})
    assert revealed(doc, Contribution("m1", "Ada", "ballot", {"position": "concern"}), box=POLL)[POLL]["ballots"] == [
        last
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    "text hand x y width height colour builds_on author created is_late dots removed group assist scores ranking "
    "position reason voter phase image lens".split()
)


@given(st.lists(st.dictionaries(names, json_values, max_size=8), max_size=4), st.booleans(), st.randoms())
def test_whatever_somebody_sealed_the_others_notes_come_out(
    written: list[dict[str, Any]], is_anonymous: bool, chance: Random
) -> None:
    entry = {"is_anonymous": is_anonymous}
    doc = document(session_1=entry, poll_1=entry, frame_1={"title": "Frame", "x": 0, "y": 0, "width": 0, "height": 1e9})
    contributions = [Contribution(f"member:{at}", f"P{at}", "note:1", fields) for at, fields in enumerate(written)]
    board = revealed(doc, note("sound", "member:sound"), *contributions, seed=chance.randrange(99))
    texts = ([fields.get(name) for name in ("text", "image")] for fields in written)
    said = {tuple(each if isinstance(each, str) else "" for each in pair) for pair in texts}
    assert len(notes(board)) == len(said) + 1  # what is the same under one id counts once
    assert "sound" in [each["text"] for each in notes(board)]
    for each in notes(board):
        assert {"text", "hand", "x", "y", "width", "height", "session", "created"} <= set(each)
        assert set(each) <= {*"text hand x y width height session created colour lens phase image".split()} | {
            *"is_late builds_on author assist model_text".split()
        }
        assert each["session"] == SESSION
        assert each["created"] == 1000
        assert each.get("author") in (
            (None,) if is_anonymous or each["hand"] == "model" else ("Ada", *(f"P{at}" for at in range(4)))
        )
    polled = revealed(doc, *contributions, box=POLL)
    assert len(polled[POLL]["ballots"]) == len(written)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_the_same_words_in_another_order_give_the_same_ballots(is_anonymous: bool) -> None:
    ballots = [Contribution(f"m{at}", f"P{at}", "ballot", {"dots": {"note:1": at % 3}}) for at in range(9)]
    shown = []
    for seed in range(5):
        Random(seed).shuffle(ballots)
        shown.append(revealed(document(poll_1={"is_anonymous": is_anonymous}), *ballots, box=POLL)[POLL]["ballots"])
    assert all(each == shown[0] for each in shown)


def test_of_a_session_that_was_revealed_without_the_box_nothing_comes_twice() -> None:
    there = {"text": "a pond", "session": SESSION, "x": 0, "y": 0}
    taken_away = {**there, "text": "trees", "removed": True}
    other = {**there, "text": "benches", "session": "session:2"}
    doc = document(session_1={"is_revealed": True}, note_1=there, note_2=taken_away, note_3=other)
    held = [note("a pond", id="note:1"), note("trees", id="note:4"), note("benches", id="note:5")]
    board = revealed(doc, *held, note("sand", id="note:6"), note("reeds", id="note:2"))
    assert sorted(each["text"] for each in notes(board)) == ["a pond", "benches", "benches", "reeds", "sand", "trees"]
