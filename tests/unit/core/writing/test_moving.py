"""Moving lines up and down: paragraphs, items, and rows of a table."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.writing.moving import move, possible
from helpers.copies import copy_of, meet
from helpers.drafts import draft, lines
from helpers.suggesting import changes_of, marked, replace, write

ONE, TWO = {"table": "1"}, {"table": "2"}
ORDERED = {"list": "ordered"}


def moved(document: Document, text: str, *, up: bool, to: str | None = None) -> int | None:
    """Moves the lines from one text to another; gives where they begin then, or None."""
    start = document.text().index(text)
    wanted = possible(document, start, start if to is None else document.text().index(to), up=up)
    return None if wanted is None else move(document, wanted)


@pytest.mark.parametrize(
    ("content", "text", "up", "left"),
    [
        (["a", ("b", {"header": 1}), "c"], "b", True, [("b", {"header": 1}), "a", "c"]),
        (["a", ("b", {"header": 1}), "c"], "b", False, ["a", "c", ("b", {"header": 1})]),
        (["a", ("x", ONE), ("y", TWO), "b", "c"], "b", True, ["a", "b", ("x", ONE), ("y", TWO), "c"]),
        (["a", "b", ("x", ONE), ("y", TWO), "c"], "b", False, ["a", ("x", ONE), ("y", TWO), "b", "c"]),
        (["a", ("x", ONE), ("y", TWO), ("z", TWO), "b"], "x", False, ["a", ("y", TWO), ("z", TWO), ("x", ONE), "b"]),
        (["a", ("x", ONE), ("y", TWO), ("z", TWO), "b"], "z", True, ["a", ("y", TWO), ("z", TWO), ("x", ONE), "b"]),
    ],
)
def test_lines_and_rows_move_past_what_is_beside_them(content, text, up, left):
    document = draft(*content)
    at = moved(document, text, up=up)
    assert lines(document) == left
    assert at is not None
    assert document.text()[at:].startswith(("b", "x") if text in "bx" else "y")
    document.undo()
    assert lines(document) == content


def test_several_lines_move_together():
    document = draft("a", "b", "c", "d")
    assert moved(document, "b", up=False, to="d") == 4  # the beginning of d is none of d
    assert lines(document) == ["a", "d", "b", "c"]


@pytest.mark.parametrize(
    ("content", "text", "up"),
    [
        (["a", "b"], "a", True),
        (["a", "b"], "b", False),
        (["a", ("x", ONE), "b"], "a", False),  # nothing would be above the table
        (["a", ("x", ONE), "b", ("y", TWO), "c"], "b", True),  # nothing would keep the tables apart
        (["a", ("x", ONE), ("y", TWO), "b"], "x", True),
        (["a", ("x", ONE), ("y", TWO), "b"], "y", False),
    ],
)
def test_what_has_no_place_to_move_to_stays(content, text, up):
    document = draft(*content)
    assert moved(document, text, up=up) is None
    assert lines(document) == content


def test_a_number_stays_at_the_first_place_of_its_list():
    document = draft(("a", {**ORDERED, "start": 3}), ("b", ORDERED))
    moved(document, "b", up=True)
    assert lines(document) == [("b", {**ORDERED, "start": 3}), ("a", ORDERED)]
    moved(document, "b", up=False)
    assert lines(document) == [("a", {**ORDERED, "start": 3}), ("b", ORDERED)]


def test_an_open_last_line_moves_too():
    document = MendedDocument(clock=lambda: 1)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "a\nb")
    assert moved(document, "b", up=True) == 0
    assert lines(document) == ["b", "a"]


@pytest.mark.parametrize("meanwhile", ["", "x"])
def test_lines_move_with_what_a_teammate_has_suggested_in_them_and_back_with_undo(meanwhile):
    document = draft("First.", "We plant herbs.", "And sage.")
    changes_of(document)
    replace(document, 10, 15, "sow")
    mate = copy_of(document)
    assert move(mate, possible(mate, 9, 9, up=True)) == 0
    if meanwhile:
        write(document, 12, meanwhile)
    for _ in range(2):
        meet(document, mate)
    marks = f"We [-plant-]{{+sow+}} herbs.¶First.¶{{+{meanwhile}+}}And sage.".replace("{++}", "")
    assert marked(document) == marked(mate) == marks
    mate.undo()
    for _ in range(2):
        meet(document, mate)
    goes = "[-pl-]{+x+}[-ant-]" if meanwhile else "[-plant-]"
    assert marked(document) == marked(mate) == f"First.¶We {goes}{{+sow+}} herbs.¶And sage."


@pytest.mark.parametrize("up", [True, False])
def test_words_that_one_suggests_to_go_are_not_in_the_line_that_one_suggests_to_move(up):
    document = draft("one", "two of three", "four")
    changes = changes_of(document)
    replace(document, 4, 8, "")
    wanted = possible(document, 9, 9, up=up)
    assert wanted is not None
    at = move(document, wanted)
    comes, goes = "{+of three¶+}", "[-two of three¶-]"
    assert marked(document) == (f"{comes}one¶{goes}four" if up else f"one¶{goes}four¶{comes}")
    assert document.text()[at:].startswith("of three")
    changes.accept([change.id for change in changes.all()])
    assert marked(document) == ("of three¶one¶four" if up else "one¶four¶of three")


@pytest.mark.parametrize(
    ("struck", "copy"), [("five ", "{+four six¶+}"), ("six¶", "{+four five ¶+}"), ("four five six¶", "")]
)
def test_words_that_others_suggest_to_go_are_not_in_the_line_that_one_suggests_to_move(struck, copy):
    document = draft("one", "four five six", "seven")
    teammate = copy_of(document)
    changes_of(teammate, "Cy")
    at = "one¶four five six¶".index(struck)
    replace(teammate, at, at + len(struck), "")
    meet(document, teammate)
    changes_of(document)
    move(document, possible(document, 4, 4, up=True))
    for _ in range(2):
        meet(document, teammate)
    left, right = "four five six¶".split(struck)
    goes = "".join(f"[-{part}-]" for part in (left, struck, right) if part)
    assert marked(document) == marked(teammate) == f"{copy}one¶{goes}seven"


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_a_line_that_one_suggests_to_move_is_one_change(decision):
    document = draft("one", "two", "three")
    changes = changes_of(document)
    move(document, possible(document, 4, 4, up=False))
    (change,) = changes.all()
    assert (change.goes, change.comes) == ("two\n", "two\n")
    getattr(changes, decision)([change.id])
    assert marked(document) == ("one¶three¶two" if decision == "accept" else "one¶two¶three")


def test_words_that_others_suggest_to_take_out_of_a_suggestion_move_with_its_line():
    document = draft("one", "four six", "seven")
    changes_of(document)
    write(document, 9, "five ")
    teammate = copy_of(document)
    changes_of(teammate, "Cy")
    replace(teammate, 9, 14, "")
    meet(document, teammate)
    move(document, possible(document, 4, 4, up=True))
    for _ in range(2):
        meet(document, teammate)
    comes = "{+four +}[-{+five +}-]{+six¶+}"
    assert marked(document) == marked(teammate) == f"{comes}one¶[-four six¶-]seven"
