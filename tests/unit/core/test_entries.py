"""Entries: what a root holds by ids."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from tests.helpers.relay import Relay

from cowrite.core.document import Document
from cowrite.core.entries import EntriesChange, NoSuchEntry, Written
from cowrite.core.origin import Origin


@pytest.fixture
def document() -> Document:
    return Document.new(clock=lambda: 0)


def copy_of(document: Document) -> Document:
    other = Document(clock=lambda: 0)
    other.apply_remote(document.state())
    return other


def meet(one: Document, other: Document) -> None:
    one.apply_remote(other.update_since(one.state_vector()))
    other.apply_remote(one.update_since(other.state_vector()))


def test_an_entry_has_the_fields_it_was_made_with(document):
    document.entries("board").add("note:1", {"text": Written("héllo 👍"), "x": 3, "tags": ["a"], "wide": True})

    assert document.entries("board").get("note:1") == {"text": "héllo 👍", "x": 3, "tags": ["a"], "wide": True}


def test_whole_numbers_stay_whole(document):
    document.entries("board").add("note:1", {"x": 3, "y": 3.5, "ballots": {"a": [1, 2]}})

    fields = document.entries("board").get("note:1")

    assert [type(fields["x"]), type(fields["y"]), type(fields["ballots"]["a"][0])] == [int, float, int]


def test_entries_of_one_kind_are_told_apart(document):
    entries = document.entries("board")
    for id in ("note:1", "noteworthy:1", "group:1"):
        entries.add(id, {})

    assert entries.ids("note") == ["note:1"]


def test_two_people_type_in_one_text(document):
    document.entries("board").add("note:1", {"text": Written("we plant 👍 herbs")})
    other = copy_of(document)

    document.entries("board").change("note:1", {"text": "today we plant 👍 herbs"})
    other.entries("board").change("note:1", {"text": "we plant 👍🏽 herbs!"})
    meet(document, other)

    texts = {each.entries("board").get("note:1")["text"] for each in (document, other)}
    assert texts == {"today we plant 👍🏽 herbs!"}


def test_what_a_teammate_wrote_in_a_removed_entry_comes_back_with_it(document):
    document.entries("board").add("note:1", {"text": Written("herbs")})
    other = copy_of(document)

    document.entries("board").remove("note:1")
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})
    meet(document, other)
    assert document.entries("board").ids() == other.entries("board").ids() == []

    document.entries("board").undo()
    meet(document, other)
    assert other.entries("board").get("note:1")["text"] == "herbs and tomatoes"


def test_undo_leaves_an_entry_in_which_a_teammate_has_written_and_goes_on_before_it(document):
    entries = document.entries("board")
    entries.add("note:0", {"text": Written("roses")})
    entries.add("note:1", {"text": Written("herbs"), "x": 4})
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})
    meet(document, other)

    assert entries.undo() == {"note:1"}
    other.entries("board").change("note:1", {"text": "herbs and tomatoes!"})
    meet(document, other)
    entries.add("note:2", {"text": Written("tulips")})
    assert entries.undo() == set()
    assert set(entries.ids()) == {"note:0", "note:1"}
    assert entries.undo() == set()
    entries.undo()
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

    assert entries.undo() == {"note:1"}
    meet(document, other)
    for each in (document, other):
        assert each.entries("board").ids() == ["note:1"]


def test_an_entry_that_was_brought_back_stays_too_when_a_teammate_writes_in_it(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs")})
    entries.undo()
    entries.redo()
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "tomatoes"})
    meet(document, other)

    assert entries.undo() == {"note:1"}
    assert entries.get("note:1") == {"text": "tomatoes"}


def test_undo_leaves_an_entry_to_which_a_teammate_has_added_a_text(document):
    entries = document.entries("decisions")
    entries.add("decision:1", {"question": Written("What do we plant?")})
    other = copy_of(document)
    other.entries("decisions").change("decision:1", {"option": Written("herbs")})
    meet(document, other)

    assert entries.undo() == {"decision:1"}
    assert entries.get("decision:1") == {"question": "What do we plant?", "option": "herbs"}


def test_undo_takes_away_an_entry_that_a_teammate_has_only_moved(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs"), "x": 4})
    other = copy_of(document)
    other.entries("board").change("note:1", {"x": 9})
    meet(document, other)

    assert entries.undo() == set()
    assert entries.ids() == []


def test_changing_what_is_not_there_is_an_error_that_names_it(document):
    with pytest.raises(NoSuchEntry, match="note:9") as raised:
        document.entries("board").change("note:9", {"x": 1})
    assert raised.value.id == "note:9"


def test_a_value_that_is_no_entry_is_passed_over(document):
    document.set_meta("title", "Herbs")

    assert document.entries("meta").ids() == []


def test_what_is_changed_is_read_at_once_also_within_a_transaction(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": "herbs"})
    with document.transaction(Origin.LOCAL):
        assert entries.get("note:1") == {"text": "herbs"}
        revision = entries.revision
        entries.change("note:1", {"text": "roses"})
        assert entries.get("note:1") == {"text": "roses"}
        assert entries.revision != revision


def test_one_transaction_is_told_once_with_all_it_touched(document):
    seen: list[EntriesChange] = []
    entries = document.entries("board")
    entries.observe(seen.append)

    with document.transaction(Origin.LOCAL):
        entries.add("note:1", {"x": 1})
        entries.add("note:2", {"x": 1})
    entries.undo()

    both = frozenset({"note:1", "note:2"})
    assert seen == [EntriesChange(both, Origin.LOCAL), EntriesChange(both, Origin.UNDO)]


def test_setting_what_is_set_already_changes_nothing(document):
    updates: list[tuple[bytes, Origin]] = []
    document.entries("board").add("note:1", {"x": 1, "text": Written("a")})
    document.observe_updates(updates.append)

    document.entries("board").change("note:1", {"x": 1, "text": "a"})

    assert updates == []


def test_undo_takes_back_ones_own_acts_only(document):
    document.entries("board").add("note:1", {"x": 1, "colour": "yellow"})
    other = copy_of(document)

    document.entries("board").change("note:1", {"x": 5})
    other.entries("board").change("note:1", {"colour": "blue"})
    meet(document, other)
    document.entries("board").undo()

    assert document.entries("board").get("note:1") == {"x": 1, "colour": "blue"}
    document.entries("board").redo()
    assert document.entries("board").get("note:1") == {"x": 5, "colour": "blue"}


def test_undo_of_the_board_leaves_the_draft_alone(document):
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "words")
    document.entries("board").add("note:1", {"x": 1})

    document.entries("board").undo()
    assert (document.text(), document.entries("board").ids()) == ("words\n", [])
    document.undo()
    assert document.text() == "\n"


@pytest.mark.parametrize("seed", range(10))
def test_replicas_that_change_entries_at_random_end_alike_and_lose_none(seed):
    chance = Random(seed)
    first = Document.new(clock=lambda: 0)
    documents = {
        name: Document(client_id=number, clock=lambda: 0) for number, name in enumerate(("ada", "bo", "cy"), 1)
    }
    for document in documents.values():
        document.apply_remote(first.state())
    network = Relay(seed, {name: each.apply_remote for name, each in documents.items()})
    for name, each in documents.items():
        each.observe_updates(lambda told, name=name: None if told[1] is Origin.REMOTE else network.send(name, told[0]))
    numbers, made = itertools.count(), set()
    for _ in range(120):
        name = chance.choice(list(documents))
        entries = documents[name].entries("board")
        known = entries.ids()
        match chance.randrange(6) if known else 0:
            case 0 | 1:
                id = f"note:{next(numbers)}"
                made.add(id)
                entries.add(id, {"text": Written(chance.choice(["a", "👩‍👩‍👧", "中文"])), "x": chance.randrange(9)})
            case 2 | 3:
                entries.change(chance.choice(known), {"x": chance.randrange(9)})
            case 4:
                entries.change(chance.choice(known), {"text": chance.choice(["ab", "b👍", "", "ñ中"])})
            case _:
                entries.remove(chance.choice(known))
        network.run(chance.randrange(4))
    network.settle()

    kept = [{id: each.entries("board").get(id, removed=True) for id in made} for each in documents.values()]
    assert kept[0] == kept[1] == kept[2], f"seed {seed}"
    assert None not in kept[0].values(), f"seed {seed}"


def test_a_change_behind_a_gap_is_noticed(document):
    updates: list[bytes] = []
    other = copy_of(document)
    document.observe_updates(lambda told: updates.append(told[0]))
    for number in range(2):
        document.entries("board").add(f"note:{number}", {"x": 1})
    document.entries("board").change("note:1", {"x": 2})
    first, second, third = updates
    seen: list[EntriesChange] = []
    other.entries("board").observe(seen.append)

    other.apply_remote(second)
    assert dict(other.entries("board").all()) == {"note:1": {"x": 1}}
    other.apply_remote(third)
    assert dict(other.entries("board").all()) == {"note:1": {"x": 2}}
    assert seen[-1].ids == {"note:1"}
    other.apply_remote(first)
    assert dict(other.entries("board").all()) == {"note:0": {"x": 1}, "note:1": {"x": 2}}


def test_a_burst_of_typing_is_one_step_of_undo(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("a")})
    for words in ("ab", "abc"):
        entries.one_step("note:1")
        entries.change("note:1", {"text": words})
    entries.end_step()
    entries.change("note:1", {"x": 1})

    entries.undo()
    assert entries.get("note:1") == {"text": "abc"}
    entries.undo()
    assert entries.get("note:1") == {"text": "a"}
    entries.redo()
    assert entries.get("note:1") == {"text": "abc"}


def test_typing_in_two_places_is_two_steps(document):
    entries = document.entries("board")
    for id in ("note:1", "note:2"):
        entries.add(id, {"text": Written("")})
    for id in ("note:1", "note:2"):
        entries.one_step(id)
        entries.change(id, {"text": "words"})

    entries.undo()

    assert [entries.get(id)["text"] for id in ("note:1", "note:2")] == ["words", ""]


def test_what_comes_after_an_undo_is_a_step_of_its_own(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("")})
    for words in ("a", "ab"):
        entries.one_step("note:1")
        entries.change("note:1", {"text": words})
    entries.undo()
    entries.one_step("note:1")
    entries.change("note:1", {"text": "b"})

    entries.undo()

    assert entries.get("note:1") == {"text": ""}


def test_among_letters_that_are_alike_the_caret_says_which_are_new(document):
    document.entries("board").add("note:1", {"text": Written("")})
    document.entries("board").change("note:1", {"text": "(one)"})
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "(two)(one)"}, caret=5)
    meet(document, other)
    document.entries("board").undo()
    meet(document, other)

    assert other.entries("board").get("note:1") == document.entries("board").get("note:1") == {"text": "(two)"}


def test_what_a_teammate_wrote_while_its_making_was_undone_brings_an_entry_back(document):
    entries = document.entries("board")
    returned: list[frozenset[str]] = []
    entries.observe_returns(returned.append)
    entries.one_step("note:1")
    entries.add("note:1", {"text": Written("")})
    entries.change("note:1", {"text": "herbs"})
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})

    assert entries.undo() == set()
    assert entries.ids() == []
    meet(document, other)

    for each in (document, other):
        assert each.entries("board").get("note:1")["text"] == "herbs and tomatoes"
    assert returned == [frozenset({"note:1"})]
    entries.redo()
    assert entries.get("note:1")["text"] == "herbs and tomatoes"


def test_an_entry_that_was_taken_away_on_purpose_after_redo_stays_away(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs")})
    entries.undo()
    entries.redo()
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
        entries.undo() if len(there) == 1 else entries.redo()
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

    assert entries.undo() == {"note:1"}
    assert entries.get("note:1") == {"text": "herbs and tomatoes"}
    assert entries.get("note:0") == {"x": 2}


def test_who_is_told_of_an_undo_can_bring_back_what_it_took_away(document):
    entries = document.entries("board")
    entries.add("note:1", {"text": Written("herbs")})
    told: list[bool] = []
    entries.observe(lambda _change: told.append(entries.can_redo()))
    entries.undo()
    assert told == [True]


def test_what_a_teammate_added_while_its_making_was_undone_brings_an_entry_back_and_a_move_does_not(document):
    entries = document.entries("decisions")
    with document.transaction(Origin.LOCAL):
        entries.add("decision:1", {"question": Written("What do we plant?")})
        entries.add("decision:2", {"question": Written("When?"), "x": 1})
    other = copy_of(document)
    other.entries("decisions").change("decision:1", {"option": Written("herbs")})
    other.entries("decisions").change("decision:2", {"x": 2})
    entries.undo()
    meet(document, other)

    for each in (document, other):
        assert each.entries("decisions").ids() == ["decision:1"]
        assert each.entries("decisions").get("decision:1")["option"] == "herbs"
