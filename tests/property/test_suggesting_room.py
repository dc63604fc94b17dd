"""Editors and suggesters write, decide, undo, go offline and come back at once: the server takes all of it."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from cowrite.core.crdt.anchor import BODY
from cowrite.core.crdt.structs import Id, read_all
from cowrite.core.crdt.text_units import blocks_in_order
from cowrite.core.document.edit import MOST_PLACES
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import INSERTION, SUGGESTIONS, Span, joined
from cowrite.core.writing.replacing import Replacement, replace_all
from cowrite_server.wire.protocol import Role
from helpers.seeds import seeds
from helpers.suggesting_room import HISTORY, TEXT, Member, Room, play, settle
from helpers.suggesting_writer import ACTS, ALL_ACTS, EVERY_ACT, MOVE_ACTS, NOTE_ACTS, TABLE_ACTS
from helpers.words_kept import WordsKept

TEAM = {"A": Role.EDITOR, "E": Role.EDITOR, "B": Role.SUGGESTER, "D": Role.COMMENTER}
WRITING = {what: often for what, often in ALL_ACTS.items() if what != "comment"}


@pytest.mark.parametrize(
    ("seed", "acts"),
    [
        *((seed, ACTS) for seed in seeds(3)),
        *((seed, TABLE_ACTS) for seed in seeds(2)),
        *((seed, NOTE_ACTS) for seed in seeds(2)),
        *((seed, {**EVERY_ACT, **HISTORY}) for seed in seeds(2)),
    ],
)
def test_the_server_takes_all_that_people_write_who_only_suggest(seed, acts):
    room = play(seed, acts=acts)
    first = room.members[0].document
    for member in room.members:
        assert not member.refusals
        assert member.peer.status.sentence == "Saved on the server"
        assert joined(member.document.spans()) == joined(first.spans())
        assert joined(member.document.stored_spans()) == joined(first.spans())


@pytest.mark.parametrize(
    ("seed", "steps", "acts"),
    [
        *((seed, range(60), EVERY_ACT) for seed in seeds(4)),
        (95, [10, 21, 28, 41, 48, 50], ALL_ACTS),  # a move is accepted and taken back
        (1060, [31, 44, 48, 49, 52], ALL_ACTS),  # somebody writes in a suggested table that is taken back
        # Two decide otherwise on a move, and the decision arrives together with what has to be put right in the text.
        (20026, [8, 20, 27, 29, 42, 48, 77, 79], ALL_ACTS),
        (20117, [2, 6, 7, 8, 41, 47, 63, 65, 84], ALL_ACTS),
        (20562, [5, 39, 46, 48, 56, 60, 62, 78, 88], ALL_ACTS),  # one takes back half of a move, then the rest
        (21001, [2, 22, 23, 30, 31, 44, 59, 62], MOVE_ACTS),  # one withdraws a move, and undoes something else
        (31105, [0, 1, 42, 46, 64, 68, 75, 77, 88], EVERY_ACT),  # or undoes half of a change, and something else
        # Of what one has undone at once, another has accepted one change.
        (31224, [26, 27, 45, 62, 70, 80, 83, 88], EVERY_ACT),
        (420328, [33, 35, 41, 50, 52, 53, 63, 64, 67, 72, 94], MOVE_ACTS),  # one undoes two moves of one change
        (20180, [7, 10, 25, 30, 31, 33, 73], ALL_ACTS),  # the server puts a footnote back that one suggests anew
        (24106, [13, 58, 62, 64, 66, 76, 87], ALL_ACTS),  # and a table, between the rows of that
        (10066, [8, 12, 13, 23, 36, 38, 54, 56, 72, 89], ALL_ACTS),  # and words of which one has moved some elsewhere
        (25065, [1, 11, 34, 38, 39, 49, 70, 74], EVERY_ACT),  # struck words come into what one strikes
        # One moves a suggestion while another comes back, who hears of that first.
        (410072, [3, 9, 11, 12, 14, 15, 16, 24, 28, 30, 37, 38, 42, 44, 50, 54, 59, 65, 67, 70, 71, 99], EVERY_ACT),
        (411132, [30, 38, 39, 41, 76, 80], MOVE_ACTS),  # one takes words elsewhere that another takes back
        # The server puts back a part of what one has taken back, for of the rest it has another's mark still.
        (30452, [13, 16, 26, 28, 34, 35, 42, 69], ALL_ACTS),
        (4051, [15, 16, 61, 65, 66, 73, 76, 79], WRITING),  # two decide, and the author goes on
        (4102, [53, 58, 61, 75, 79, 87, 96, 97], WRITING),
        # One withdraws words that they had taken out of a suggested move, which another accepts.
        (400088, [31, 33, 47, 53, 61, 70, 73, 74, 75, 78], MOVE_ACTS),
        # One rejects a stroke on words that somebody has taken out, which come back.
        (20506, [25, 31, 35, 36, 38, 50, 52, 63, 64, 66, 68, 73, 89, 91, 96, 98, 102, 136, 139, 144], ALL_ACTS),
        # What others put back comes in beside what its author's undo has brought back of it.
        (910006, [0, 22, 23, 24, 26, 29, 39, 42, 44, 49, 50, 52, 53, 57, 58, 66, 78, 79, 80, 89], MOVE_ACTS),
    ],
)
def test_a_team_of_four_loses_no_word_and_has_none_twice(seed, steps, acts):
    kept = WordsKept()
    room = play(seed, steps, acts, TEAM, kept)
    first = room.members[0].document
    assert kept.wrong(first) == []
    for member in room.members:
        assert not member.refusals
        assert member.peer.status.sentence == "Saved on the server"
        assert joined(member.document.spans()) == joined(member.document.stored_spans()) == joined(first.spans())


@pytest.mark.parametrize(
    ("seed", "steps", "acts"),
    [
        *((seed, range(60), EVERY_ACT) for seed in seeds(3)),
        (51000, [12, 32], ALL_ACTS),  # two strike words, and of some both
        (410273, [4, 19, 21, 22, 24, 35, 50, 53, 54, 56, 58, 59, 70, 71, 86], ALL_ACTS),  # one begins cowrite anew
        (50048, [0, 6, 48, 64, 70, 78], ALL_ACTS),  # two decide otherwise, and one of them has started cowrite anew
        (52051, [11, 22, 23, 50, 56, 60, 73], EVERY_ACT),
        (61051, [25, 28, 30, 33, 49, 50, 54, 60, 67], MOVE_ACTS),
        (400291, [7, 26, 32, 35, 56, 64, 77, 78, 83, 90], ALL_ACTS),  # one rejects, brings back, moves, undoes
        (81105, [15, 22, 24, 47, 57, 63, 72, 77], EVERY_ACT),  # one undoes a move and accepts the rest
        # Of words that are only suggested, here and there, one withdraws these and another rejects those.
        (410159, [42, 45, 51, 61, 62, 69, 70, 93, 95, 96, 100, 102, 107, 109, 110, 114, 117, 118], MOVE_ACTS),
        # Words that one decision brings back have gone with another, or somebody has written others in their place.
        (51220, [6, 9, 10, 13, 14, 21, 33, 41, 60, 64, 65, 75, 87], ALL_ACTS),
        (81017, [10, 12, 34, 36, 42, 44, 46, 47, 62, 63], EVERY_ACT),
        (700163, [15, 30, 31, 34, 35, 36, 47, 66, 67, 72, 76], ALL_ACTS),  # or undoes what another takes elsewhere
        (400407, [1, 9, 10, 12, 13, 14, 15, 17, 53, 57, 58, 59, 65, 66], MOVE_ACTS),  # or strikes
        # One decides on what is left of a suggestion that another has accepted.
        (52035, [7, 16, 21, 23, 34, 45, 76, 90, 92], EVERY_ACT),
        (700048, [0, 3, 8, 18, 19, 20, 23, 27, 31, 33, 38, 47, 61, 73, 81], EVERY_ACT),  # or takes some of it elsewhere
        (410545, [9, 16, 18, 24, 26, 30, 44, 45, 82, 90, 97], MOVE_ACTS),  # or on what is struck by mistake
        (52136, [13, 14, 27, 29, 31, 36, 38, 39, 43, 44, 52, 55, 56, 57, 59, 61, 73, 76, 80, 92], EVERY_ACT),
        (830004, [12, 14, 27, 35, 40, 47, 53, 63, 66, 76], MOVE_ACTS),  # of a move that one undoes another has half
        # One accepts what is suggested for words that come back, before the stroke on those is on them again.
        (
            52100,
            [
                7,
                9,
                12,
                13,
                14,
                17,
                19,
                20,
                21,
                22,
                23,
                24,
                28,
                29,
                30,
                31,
                32,
                35,
                37,
                38,
                39,
                40,
                42,
                47,
                48,
                50,
                54,
                85,
                88,
                108,
                109,
                113,
                116,
            ],
            EVERY_ACT,
        ),
        # Two reject, one after the other, a move that a third accepts who has heard of neither.
        (56035, [0, 1, 4, 5, 10, 13, 15, 17, 18, 41], ALL_ACTS),
        # One accepts a stroke that they have rejected, and that its author puts right before they hear of that.
        (830004, [5, 12, 14, 21, 26, 27, 35, 39, 45, 47, 53, 63, 66, 67, 76], MOVE_ACTS),
    ],
)
def test_editors_who_choose_to_suggest_lose_no_word_and_have_none_twice(seed, steps, acts):
    kept = WordsKept()
    room = play(seed, steps, acts, dict.fromkeys("AST", Role.EDITOR), kept, suggesting="ST")
    first, *others = [member.document for member in room.members]
    assert kept.wrong(first) == []
    for document in others:
        assert joined(document.spans()) == joined(document.stored_spans()) == joined(first.spans())


@pytest.mark.parametrize(
    ("seed", "steps", "acts", "suggesting"),
    [
        (19, [2, 3, 37, 49, 64, 94], EVERY_ACT, ""),  # two put right what reaches too far, while somebody rejects it
        (6, [36, 46, 47, 71, 76, 87, 89], EVERY_ACT, "ST"),  # two decide otherwise on what another has written in
        (
            1,
            [22, 23, 24, 25, 33, 34, 42, 44, 80, 81, 84, 85, 86, 87],
            MOVE_ACTS,
            "ST",
        ),  # one moves words out of what they reject
    ],
)
def test_nothing_is_to_go_that_nobody_has_struck(seed, steps, acts, suggesting):
    kept = WordsKept()
    room = play(seed, steps, acts, dict.fromkeys("AST", Role.EDITOR) if suggesting else None, kept, suggesting)
    for member in room.members:
        assert kept.struck_by_nobody(member.document) == set()


@pytest.mark.parametrize("seed", [*seeds(5), 130, 155, 205, 255, 270, 355])
def test_text_that_nobody_has_suggested_is_no_suggestion_however_one_writes_in_and_accepts_those(seed):
    document = (
        play(seed, acts={what: ACTS[what] for what in ("type", "format", "style", "accept", "step")})
        .members[0]
        .document
    )
    text = "".join(span.text for span in document.spans() if INSERTION not in span.attributes)
    assert set(TEXT) <= set(text)


@pytest.mark.parametrize("seed", [*seeds(3), 120, 127, 140, 151, 190, 208, 225, 239, 262, 269, 341, 349, 383, 396])
def test_the_mark_of_a_suggestion_is_on_nobodys_text_but_who_suggests_it_whatever_is_undone_and_decided(seed):
    room = play(seed, acts={what: often for what, often in ACTS.items() if what != "move"})
    document = room.members[0].document
    entries = document.entries(SUGGESTIONS)
    letters = {member.name: member.letters for member in room.members}
    for span in document.spans():
        fields = entries.get(span.attributes.get(INSERTION, ""))
        if fields is not None:
            assert all(ord(letter) in letters[fields["author"]] for letter in span.text.replace("\n", ""))


@pytest.mark.parametrize("seed", [*seeds(5), 168, 192, 623])
def test_nobodys_suggestion_becomes_text_like_all_other_while_nobody_accepts(seed):
    room = play(seed, acts={what: often for what, often in ACTS.items() if what not in ("accept", "move")})
    letters = {chr(code) for member in room.members if not member.role.may_edit for code in member.letters}
    for span in room.members[0].document.spans():
        assert INSERTION in span.attributes or not letters & set(span.text)


@pytest.mark.parametrize("seed", seeds(2))
def test_the_ids_of_a_whole_text_found_in_one_pass_are_those_found_one_by_one(seed):
    for member in play(seed).members:
        document = member.document
        blocks = blocks_in_order(document.state(), BODY, *read_all(document.state()))
        assert sum(units for units, _ in blocks) == document.length
        assert single_ids(blocks) == single_ids(document._anchors.runs(0, document.text()))


def single_ids(runs: Iterable[tuple[int, Id]]) -> list[Id]:
    return [Id(id.client, id.clock + offset) for units, id in runs for offset in range(units)]


def test_a_server_takes_what_a_suggester_suggests_at_hundreds_of_places_at_once() -> None:
    room = Room("the herbs " * 2 * MOST_PLACES)
    ada = Member(room, "Ada", Role.EDITOR, Random(1))
    bo = Member(room, "Bo", Role.SUGGESTER, Random(2))
    settle(room)
    places = range(0, 20 * MOST_PLACES, 10)
    with bo.document.edit(Origin.LOCAL) as edit:
        replace_all(edit, [Replacement(at, at + 3, (Span("our"),)) for at in places])
    settle(room)
    assert not bo.refusals
    assert len(ada.changes.all()) == len(places)
    ada.changes.accept([each.id for each in ada.changes.all()])
    settle(room)
    assert bo.document.text() == "our herbs " * 2 * MOST_PLACES + "\n"


@pytest.mark.parametrize("begins_anew", [False, True])
@pytest.mark.parametrize(
    ("accepts", "text"), [(False, "one two three\n"), (True, "one new two three\n")], ids=["open", "accepted"]
)
def test_a_suggester_withdraws_what_the_history_has_brought_back(begins_anew: bool, accepts: bool, text: str) -> None:
    room = Room("one two three")
    ada = Member(room, "Ada", Role.EDITOR, Random(1))
    bo = Member(room, "Bo", Role.SUGGESTER, Random(2))
    settle(room)
    with bo.document.edit(Origin.LOCAL) as edit:
        edit.insert(4, "new ")
    settle(room)
    room.remember()
    ada.changes.reject([each.id for each in ada.changes.all()])
    settle(room)
    room.restore(ada, room.past[0])
    settle(room)
    for each in room.members:
        each.cut()
    if begins_anew:
        room.begin_anew()
    ada.connect()
    if accepts:
        ada.changes.accept([each.id for each in ada.changes.all()])
    ada.say_all()
    bo.changes.reject([each.id for each in bo.changes.all()])
    settle(room)
    assert not bo.refusals
    assert ada.document.text() == bo.document.text() == text
