"""Entries: what a root holds by ids."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from cowrite.core.crdt.gaps import LARGE
from cowrite.core.entries.entries import EntriesChange, NoSuchEntry, Written
from cowrite.core.text.origin import Origin
from cowrite.core.writing.table_commands import insert_column, insert_row
from helpers.copies import copy_of, meet
from helpers.relay import relayed
from helpers.seeds import seeds
from helpers.tables import shown, there, with_table


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


def test_what_a_teammate_changes_is_told_as_theirs_though_the_document_puts_a_row_right_at_the_same_moment():
    document = with_table("a b", "c d")
    other = copy_of(document)
    told: list[EntriesChange] = []
    document.entries("board").observe(told.append)

    insert_row(document, there(document, "c").start, below=True)
    insert_column(other, there(other, "c").start, behind=True)
    other.entries("board").add("note:1", {})
    document.apply_remote(other.update_since(document.state_vector()))

    assert shown(document) == ["above", ["a||b", "||", "c||d"], "below"]
    assert told == [EntriesChange(frozenset({"note:1"}), Origin.REMOTE)]


def test_what_a_teammate_wrote_in_a_removed_entry_comes_back_with_it(document):
    document.entries("board").add("note:1", {"text": Written("herbs")})
    other = copy_of(document)

    document.entries("board").remove("note:1")
    other.entries("board").change("note:1", {"text": "herbs and tomatoes"})
    meet(document, other)
    assert document.entries("board").ids() == other.entries("board").ids() == []

    document.entries("board").steps.undo()
    meet(document, other)
    assert other.entries("board").get("note:1")["text"] == "herbs and tomatoes"


def test_changing_what_is_not_there_is_an_error_that_names_it(document):
    with pytest.raises(NoSuchEntry, match="note:9") as raised:
        document.entries("board").change("note:9", {"x": 1})
    assert raised.value.id == "note:9"


def test_a_value_that_is_no_entry_is_passed_over(document):
    document.meta.set_title("Herbs")

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
    entries.steps.undo()

    both = frozenset({"note:1", "note:2"})
    assert seen == [EntriesChange(both, Origin.LOCAL), EntriesChange(both, Origin.UNDO)]


def test_setting_what_is_set_already_changes_nothing(document):
    updates: list[tuple[bytes, Origin]] = []
    document.entries("board").add("note:1", {"x": 1, "text": Written("a")})
    document.observe_updates(updates.append)

    document.entries("board").change("note:1", {"x": 1, "text": "a"})

    assert updates == []


@pytest.mark.parametrize("seed", seeds(6))
def test_replicas_that_change_entries_at_random_end_alike_and_lose_none(seed):
    chance = Random(seed)
    documents, network = relayed(seed)
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


@pytest.mark.parametrize("letters", [1, 2 * LARGE])
def test_a_change_behind_a_gap_is_noticed(document, letters):
    said = "a" * letters
    updates: list[bytes] = []
    other = copy_of(document)
    document.observe_updates(lambda told: updates.append(told[0]))
    for number in range(2):
        document.entries("board").add(f"note:{number}", {"x": 1, "said": said})
    document.entries("board").change("note:1", {"x": 2})
    first, second, third = updates
    seen: list[EntriesChange] = []
    other.entries("board").observe(seen.append)

    other.apply_remote(second)
    assert dict(other.entries("board").all()) == {"note:1": {"x": 1, "said": said}}
    other.apply_remote(third)
    assert dict(other.entries("board").all()) == {"note:1": {"x": 2, "said": said}}
    assert seen[-1].ids == {"note:1"}
    other.apply_remote(first)
    assert dict(other.entries("board").all()) == {
        "note:0": {"x": 1, "said": said},
        "note:1": {"x": 2, "said": said},
    }


def test_of_a_large_update_that_comes_in_as_it_is_only_what_it_touches_is_read_anew(document):
    for number in range(2):
        document.entries("board").add(f"note:{number}", {"x": 1})
    other = copy_of(document)
    before = dict(other.entries("board").all())
    document.entries("board").change("note:1", {"said": "a" * 2 * LARGE})
    meet(document, other)
    assert other.entries("board").get("note:0") is before["note:0"]
    assert other.entries("board").get("note:1") == document.entries("board").get("note:1")


def test_among_letters_that_are_alike_the_caret_says_which_are_new(document):
    document.entries("board").add("note:1", {"text": Written("")})
    document.entries("board").change("note:1", {"text": "(one)"})
    other = copy_of(document)
    other.entries("board").change("note:1", {"text": "(two)(one)"}, caret=5)
    meet(document, other)
    document.entries("board").steps.undo()
    meet(document, other)

    assert other.entries("board").get("note:1") == document.entries("board").get("note:1") == {"text": "(two)"}
