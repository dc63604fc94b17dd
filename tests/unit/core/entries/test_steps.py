"""Entries: what undo takes back of what one did to them, and what of a teammate stays."""

from __future__ import annotations

from cowrite.core.entries.entries import Written
from cowrite.core.text.origin import Origin
from helpers.copies import copy_of, meet


def test_undo_leaves_an_entry_in_which_a_teammate_has_written_and_goes_on_before_it(document):
    entries = document.entries("board")
    entries.add("note:0", {"text": Written("roses")})
    entries.add("note:1", {"text": Written("herbs"), "x": 4})
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})
    meet(document, other)

    assert entries.steps.undo() == {"note:1"}
    other.entries("board").change("note:1", {"text": "herbs and tomatoes!"})
    meet(document, other)
    entries.add("note:2", {"text": Written("tulips")})
    assert entries.steps.undo() == set()
    assert set(entries.ids()) == {"note:0", "note:1"}
    assert entries.steps.undo() == set()
    entries.steps.undo()
    meet(document, other)
    for each in (document, other):
        assert list(each.entries("board").all()) == [("note:1", {"text": "herbs and tomatoes!", "x": 4})]


def test_what_was_made_beside_an_entry_in_which_a_teammate_has_written_is_taken_back(document):
    entries = document.entries("board")
    with document.transaction(Origin.LOCAL):
        for number in range(3):
            entries.add(f"note:{number}", {"text": Written("herbs")})
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "tomatoes"})
    meet(document, other)

    assert entries.steps.undo() == {"note:1"}
    meet(document, other)
    for each in (document, other):
        assert each.entries("board").ids() == ["note:1"]


def test_an_entry_that_was_brought_back_stays_too_when_a_teammate_writes_in_it(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs")})
    entries.steps.undo()
    entries.steps.redo()
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "tomatoes"})
    meet(document, other)

    assert entries.steps.undo() == {"note:1"}
    assert entries.get("note:1") == {"text": "tomatoes"}


def test_undo_leaves_an_entry_to_which_a_teammate_has_added_a_text(document):
    entries = document.entries("decisions")
    entries.add("decision:1", {"question": Written("What do we plant?")})
    other = copy_of(document)
    other.entries("decisions").change("decision:1", {"option": Written("herbs")})
    meet(document, other)

    assert entries.steps.undo() == {"decision:1"}
    assert entries.get("decision:1") == {"question": "What do we plant?", "option": "herbs"}


def test_undo_takes_away_an_entry_that_a_teammate_has_only_moved(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs"), "x": 4})
    other = copy_of(document)
    other.entries("board").change("note:1", {"x": 9})
    meet(document, other)

    assert entries.steps.undo() == set()
    assert entries.ids() == []


def test_undo_takes_back_ones_own_acts_only(document):
    document.entries("board").add("note:1", {"x": 1, "colour": "yellow"})
    other = copy_of(document)

    document.entries("board").change("note:1", {"x": 5})
    other.entries("board").change("note:1", {"colour": "blue"})
    meet(document, other)
    document.entries("board").steps.undo()

    assert document.entries("board").get("note:1") == {"x": 1, "colour": "blue"}
    document.entries("board").steps.redo()
    assert document.entries("board").get("note:1") == {"x": 5, "colour": "blue"}


def test_undo_of_the_board_leaves_the_draft_alone(document):
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "words")
    document.entries("board").add("note:1", {"x": 1})

    document.entries("board").steps.undo()
    assert (document.text(), document.entries("board").ids()) == ("words\n", [])
    document.undo()
    assert document.text() == "\n"


def test_a_burst_of_typing_is_one_step_of_undo(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("a")})
    for words in ("ab", "abc"):
        entries.steps.begin("note:1")
        entries.change("note:1", {"text": words})
    entries.steps.end()
    entries.change("note:1", {"x": 1})

    entries.steps.undo()
    assert entries.get("note:1") == {"text": "abc"}
    entries.steps.undo()
    assert entries.get("note:1") == {"text": "a"}
    entries.steps.redo()
    assert entries.get("note:1") == {"text": "abc"}


def test_typing_in_two_places_is_two_steps(document):
    entries = document.entries("board")
    for id in ("note:1", "note:2"):
        entries.add(id, {"text": Written("")})
    for id in ("note:1", "note:2"):
        entries.steps.begin(id)
        entries.change(id, {"text": "words"})

    entries.steps.undo()

    assert [entries.get(id)["text"] for id in ("note:1", "note:2")] == ["words", ""]


def test_what_comes_after_an_undo_is_a_step_of_its_own(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("")})
    for words in ("a", "ab"):
        entries.steps.begin("note:1")
        entries.change("note:1", {"text": words})
    entries.steps.undo()
    entries.steps.begin("note:1")
    entries.change("note:1", {"text": "b"})

    entries.steps.undo()

    assert entries.get("note:1") == {"text": ""}


def test_what_a_teammate_wrote_while_its_making_was_undone_brings_an_entry_back(document):
    entries = document.entries("board")
    returned: list[frozenset[str]] = []
    entries.steps.observe_returns(returned.append)
    entries.steps.begin("note:1")
    entries.add("note:1", {"text": Written("")})
    entries.change("note:1", {"text": "herbs"})
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})

    assert entries.steps.undo() == set()
    assert entries.ids() == []
    meet(document, other)

    for each in (document, other):
        assert each.entries("board").get("note:1")["text"] == "herbs and tomatoes"
    assert returned == [frozenset({"note:1"})]
    entries.steps.redo()
    assert entries.get("note:1")["text"] == "herbs and tomatoes"


def test_an_entry_that_was_taken_away_on_purpose_after_redo_stays_away(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs")})
    entries.steps.undo()
    entries.steps.redo()
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})
    entries.remove("note:1")
    meet(document, other)
    assert entries.ids() == []


def test_what_was_changed_beside_what_was_made_is_undone_and_redone_with_it(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs"), "group": ""})
    with document.transaction(Origin.LOCAL):
        entries.add("group:1", {"title": Written("Plants")})
        entries.change("note:1", {"group": "group:1"})
    other = copy_of(document)

    for there in (["note:1"], ["note:1", "group:1"]) * 2:
        entries.steps.undo() if len(there) == 1 else entries.steps.redo()
        meet(document, other)
        for each in (document, other):
            assert sorted(each.entries("board").ids()) == sorted(there)
            assert each.entries("board").get("note:1")["group"] == ("group:1" if len(there) == 2 else "")


def test_undo_of_what_a_teammate_has_overtaken_takes_nothing_away_in_which_one_has_written(document):
    entries = document.entries("board")
    entries.add("note:0", {"x": 0})
    entries.add("note:1", {"text": Written("herbs")})
    entries.change("note:0", {"x": 1})
    other = copy_of(document)
    other.entries("board").change("note:0", {"x": 2})
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})
    meet(document, other)

    assert entries.steps.undo() == {"note:1"}
    assert entries.get("note:1") == {"text": "herbs and tomatoes"}
    assert entries.get("note:0") == {"x": 2}


def test_who_is_told_of_an_undo_can_bring_back_what_it_took_away(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs")})
    told: list[bool] = []
    entries.observe(lambda _change: told.append(entries.steps.can_redo()))
    entries.steps.undo()
    assert told == [True]


def test_what_a_teammate_added_while_its_making_was_undone_brings_an_entry_back_and_a_move_does_not(document):
    entries = document.entries("decisions")
    with document.transaction(Origin.LOCAL):
        entries.add("decision:1", {"question": Written("What do we plant?")})
        entries.add("decision:2", {"question": Written("When?"), "x": 1})
    other = copy_of(document)
    other.entries("decisions").change("decision:1", {"option": Written("herbs")})
    other.entries("decisions").change("decision:2", {"x": 2})
    entries.steps.undo()
    meet(document, other)

    for each in (document, other):
        assert each.entries("decisions").ids() == ["decision:1"]
        assert each.entries("decisions").get("decision:1")["option"] == "herbs"


def test_words_that_came_back_and_were_divided_go_whole_when_their_writing_is_taken_back(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs")})
    entries.change("note:1", {"text": "herbs by the wall"})
    for shorter in ("herbs wall", "herbs b wall"):
        entries.change("note:1", {"text": shorter})
        entries.steps.undo()
        assert entries.get("note:1") == {"text": "herbs by the wall"}
    entries.steps.undo()
    assert entries.get("note:1") == {"text": "herbs"}
    entries.steps.redo()
    assert entries.get("note:1") == {"text": "herbs by the wall"}


def test_a_step_of_which_nothing_is_left_gives_way_to_all_that_is_to_go_again_of_the_next_one(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("so: ")})
    for words in ("so: herbs by the wall", "herbs by the wall", ""):
        entries.change("note:1", {"text": words})
    for _ in range(2):
        entries.steps.undo()
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "herbs by the wall"}, caret=0)
    meet(document, other)
    entries.steps.undo()
    entries.steps.redo()
    meet(document, other)
    assert entries.get("note:1") == {"text": "herbs by the wall"}
    other.entries("board").change("note:1", {"text": "herbs and roses by the wall"}, caret=15)
    meet(document, other)
    entries.steps.redo()
    assert entries.get("note:1") == {"text": " and roses"}
    entries.steps.undo()
    assert entries.get("note:1") == {"text": "herbs and roses by the wall"}
