"""An edit that is only suggested: what its steps see, what they come to, and where the caret goes."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest

from cowrite.core.document.document import Document
from cowrite.core.errors import EditWithinSuggestion
from cowrite.core.text.change import Change
from cowrite.core.text.offsets import OutsideText
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, Span, joined
from cowrite.core.writing import lines
from cowrite.core.writing.lines import delete
from cowrite.core.writing.pasting import copied, insert_rich_text
from helpers.drafts import draft
from helpers.drafts import lines as plain_lines
from helpers.suggesting import changes_of, marked


def herbs() -> Document:
    """A document of somebody else's, which Bo suggests to change."""
    document = draft("We plant herbs.")
    changes_of(document)
    return document


def is_sound(document: Document) -> bool:
    """Whether the rope is what the shared text is."""
    return joined(document.spans()) == joined(document.stored_spans())


@pytest.mark.parametrize("directly", [False, True])
def test_no_edit_begins_within_one_that_is_only_suggested(directly) -> None:
    document = herbs()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Oh, ")
        with pytest.raises(EditWithinSuggestion):
            document.edit(Origin.LOCAL, directly=directly).__enter__()
    assert marked(document) == "{+Oh, +}We plant herbs."
    assert is_sound(document)
    with document.edit(Origin.LOCAL, directly=directly) as edit:
        edit.delete(0, 4)
    assert marked(document) == "We plant herbs."


def test_the_steps_of_an_edit_see_what_those_before_them_have_done() -> None:
    document = herbs()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(3, 5)
        assert document.text() == "We  herbs.\n"
        edit.insert(3, "grow")
        edit.insert(7, " green", {"bold": True})
        assert document.text() == "We grow green herbs.\n"
    assert marked(document) == "We [-plant-]{+grow+}{+ green+} herbs."
    assert is_sound(document)


def test_steps_that_take_each_other_back_suggest_nothing() -> None:
    document = herbs()
    told: list[Change] = []
    document.observe_changes(told.append)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "😀\n")
        edit.delete(3, 3)
    assert (marked(document), told) == ("We plant herbs.", [])


def test_a_position_behind_what_comes_in_and_one_before_it_are_told_as_they_lie_in_the_end() -> None:
    document = herbs()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(9, [Span("green\n"), Span("and ", {"bold": True})])
        edit.delete(3, 5)
        edit.insert(3, "😀w")
    assert marked(document) == "We [-plant-]{+😀w+} {+green¶+}{+and +}herbs."
    behind = {0: 0, 2: 2, 3: 3, 5: 10, 6: 11, 7: 12, 17: 22, 23: 28}
    assert {at: edit.place(at) for at in behind} == behind


def test_what_takes_the_place_of_words_is_written_behind_them() -> None:
    document = herbs()
    assert lines.delete(document, 0, 3) == 3
    assert lines.delete(document, 9, 14) == 14
    assert lines.delete(document, 14, 14) == 14


def test_what_one_has_suggested_oneself_is_taken_out_and_what_others_have_is_marked() -> None:
    document = herbs()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "all ")
    changes_of(document, "Ada")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(7, "now ")
    assert lines.delete(document, 3, 11) == 7
    assert marked(document) == "We [-{+all +}-]plant herbs."
    assert is_sound(document)


def test_looks_of_ones_own_words_are_set_and_those_of_others_left() -> None:
    document = herbs()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "all ")
        edit.format_text(0, 8, {"bold": True})
        edit.format_lines(0, 0, {"header": 1})
    bold = [span.text for span in document.spans() if span.attributes.get("bold")]
    assert (bold, marked(document)) == (["all "], "We {+all +}plant herbs.")
    assert is_sound(document)


def test_an_edit_that_fails_leaves_the_text_as_it_was() -> None:
    document = herbs()
    before = joined(document.spans())
    with contextlib.suppress(OutsideText), document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "x\n")
        edit.format(0, 4, {"bold": True})
        edit.delete(1, 6)
        edit.delete(90, 1)
        pytest.fail("there is nothing at 90")
    assert joined(document.spans()) == before
    assert is_sound(document)


def test_what_is_written_after_a_suggestion_has_failed_reaches_file_and_teammates(monkeypatch) -> None:
    document = draft("We plant herbs.")
    changes = changes_of(document)
    sent: list[tuple[bytes, Origin]] = []
    document.observe_updates(sent.append)

    def fail() -> str:
        raise OSError("no more ids")

    with monkeypatch.context() as broken:
        broken.setattr(changes, "begin", fail)
        with pytest.raises(OSError, match="no more ids"), document.edit(Origin.LOCAL) as edit:
            edit.insert(3, "all ")
    assert (marked(document), sent) == ("We plant herbs.", [])
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "now ")
    assert (marked(document), len(sent)) == ("We {+now +}plant herbs.", 1)


def test_many_replacements_are_suggested_as_fast_as_they_would_be_made() -> None:
    """Counted: from the first on, each place would be looked for behind all that has been cut."""
    document = draft("red and " * 50)
    changes_of(document)
    told: list[Change] = []
    document.observe_changes(told.append)
    with document.edit(Origin.LOCAL) as edit:
        for at in reversed(range(0, 400, 8)):
            edit.delete(at, 3)
            edit.insert(at, "blue")
    assert marked(document) == "[-red-]{+blue+} and " * 50
    places = [op.at for op in told[0].ops]
    assert len(places) == 100
    assert max(after - before for before, after in pairwise(places)) == 3


def test_marks_of_another_document_that_come_in_are_none_of_this_one() -> None:
    document = herbs()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(3, "x", {INSERTION: "change:elsewhere", DELETION: "change:elsewhere"})
    assert marked(document) == "We {+x+}plant herbs."
    assert "change:elsewhere" not in [span.attributes.get(INSERTION) for span in document.spans()]


FIRST = {"page-break": True}


@pytest.mark.parametrize("at", [0, 2])
def test_a_line_that_begins_a_page_or_a_list_and_is_suggested_to_be_divided_begins_it_once(at):
    for look in (FIRST, {"list": "ordered", "start": 3}, {**FIRST, "list": "ordered", "start": 3}):
        document = draft("above", ("abcd", look), "below")
        changes = changes_of(document)
        caret = lines.press_enter(document, 6 + at)
        lines.press_enter(document, caret + 1)
        rest = {name: value for name, value in look.items() if name == "list"}
        changes.accept([change.id for change in changes.all()])
        parts = ["abcd"[:at], "abcd"[at : at + 1], "abcd"[at + 1 :]]
        kept = [(part, rest) if rest else part for part in parts[1:]]
        assert plain_lines(document) == ["above", (parts[0], look), *kept, "below"]
        document.undo()
        changes.reject([change.id for change in changes.all()])
        assert plain_lines(document) == ["above", ("abcd", look), "below"]


def test_a_page_that_is_suggested_to_begin_within_the_first_line_of_another_is_one_page():
    document = draft("above", ("abcd", FIRST), "below")
    changes = changes_of(document)
    assert lines.insert_page_break(document, 8, 8) == 9
    changes.accept([change.id for change in changes.all()])
    assert plain_lines(document) == ["above", ("ab", FIRST), ("cd", FIRST), "below"]


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_words_that_are_cut_and_pasted_elsewhere_are_one_change_and_once_more_another(decision):
    document = draft("one two three", "four")
    changes = changes_of(document)
    words = copied(document, 3, 7)
    delete(document, 3, 7)
    insert_rich_text(document, 18, 18, words)
    (moved,) = changes.all()
    assert moved.is_move
    insert_rich_text(document, 0, 0, words)
    assert len(changes.all()) == 2
    getattr(changes, decision)([moved.id])
    assert (
        marked(document)
        == {
            "accept": "{+ two+}one three¶four two",
            "reject": "{+ two+}one two three¶four",
        }[decision]
    )


def test_words_that_were_cut_and_stay_after_all_are_pasted_as_a_change_of_their_own():
    document = draft("one two three", "four")
    changes = changes_of(document)
    words = copied(document, 3, 7)
    delete(document, 3, 7)
    changes.reject([each.id for each in changes.all()])
    insert_rich_text(document, 18, 18, words)
    (change,) = changes.all()
    assert not change.is_move
    changes.accept([change.id])
    assert marked(document) == "one two three¶four two"
