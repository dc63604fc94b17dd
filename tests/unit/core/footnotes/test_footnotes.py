"""Footnotes: what a note says is in its reference, and goes wherever that goes."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.footnotes import as_words, embed_of, footnote_of, footnotes_in, merged_words, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, SOFT_BREAK, Span
from helpers.footnotes import apart, notes, words
from helpers.seeds import seeds
from helpers.strategies import TEXTS


@pytest.fixture
def two():
    return apart()


def test_a_new_note_right_before_another_says_nothing_of_that(two):
    document = two[0]
    here = FootnoteHere(document, 3, is_new=True)
    here.write((*here.words, *words("Mine")))
    assert notes(document) == ["Mine", "See Smith"]


def test_a_note_is_paragraphs_of_letters_with_looks():
    spans = [Span("  See "), Span("Smith\n\nJones", {"italic": True, "ai": "x", "header": 1}), Span(EMBED_CHARACTER)]
    said = (Span("See "), Span("Smith", {"italic": True}), Span(SOFT_BREAK), Span("Jones", {"italic": True}))
    assert as_words(spans) == said
    assert footnote_of(embed_of(spans)) == said
    assert text_of(embed_of(spans)) == "See Smith Jones"


@pytest.mark.parametrize("value", [None, 7, "See", {"insert": "x"}, [3, {"insert": 4}, {"attributes": 1}], [[]], True])
def test_whatever_another_program_writes_there_is_read_as_a_note(value):
    read = footnote_of({"footnote": value})
    assert read == (words("See") if value == "See" else ())


def test_a_look_that_is_none_keeps_nobody_from_bringing_two_versions_of_a_note_together():
    strange = footnote_of({"footnote": [{"insert": "See Smith", "attributes": {"bold": [], "italic": {"a": 1}}}]})
    assert strange == words("See Smith")
    assert merged_words(strange, words("See Smith 2"), words("Go see Smith")) == words("Go see Smith 2")


@given(st.lists(st.builds(Span, TEXTS, st.sampled_from([{}, {"bold": True}, {"link": "https://example.org"}]))))
def test_a_note_is_the_same_once_it_is_read_again(spans):
    said = as_words(spans)
    assert footnote_of(embed_of(said)) == said == as_words(said)


def test_a_note_is_moved_and_brought_back_with_its_reference(two):
    left, right, meet = two
    left.steps.begin()
    with left.edit(Origin.LOCAL) as edit:
        edit.delete(0, 5)
    meet()
    assert notes(left) == notes(right) == []
    left.undo()
    meet()
    assert notes(left) == notes(right) == ["See Smith"]
    assert [at for at, _ in footnotes_in(right.spans())] == [3]


def test_one_who_writes_in_a_note_has_what_another_has_made_of_it(two):
    left, right, meet = two
    here = FootnoteHere(right, 3)
    told = []
    here.changed = lambda: told.append(here.words)
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    with left.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Zero ")
    meet()
    assert told == [words("See Smith, p. 7")]
    assert here.at == 8
    here.write(merged_words(words("See Smith"), words("Only see Smith"), here.words))
    meet()
    assert notes(left) == notes(right) == ["Only see Smith, p. 7"]


def test_who_writes_in_a_note_goes_on_in_what_it_has_become(two):
    left, right, meet = two
    here = FootnoteHere(right, 3)
    told: list[str] = []
    here.changed, here.gone = lambda: told.append("changed"), lambda: told.append("gone")
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    here.write(words("Go see Smith"))
    meet()
    assert (told, here.words) == (["changed"], words("Go see Smith, p. 7"))
    here.write(words("Go see Smith, p. 78"))
    meet()
    assert notes(left) == notes(right) == ["Go see Smith, p. 78"]


def test_a_note_in_which_somebody_writes_is_there_again_when_its_paragraph_is_deleted(two):
    left, right, meet = two
    here = FootnoteHere(right, 3)
    with left.edit(Origin.LOCAL) as edit:
        edit.delete(0, 8)
    here.write(words("See Smith, p. 7"))
    meet()
    assert notes(left) == notes(right) == ["See Smith, p. 7"]


def test_a_note_that_is_taken_out_while_it_is_open_is_told_and_comes_back_with_new_words(two):
    left, right, meet = two
    here, gone = FootnoteHere(right, 3), []
    here.gone = lambda: gone.append(here.at)
    with left.edit(Origin.LOCAL) as edit:
        edit.delete(1, 5)
    meet()
    assert gone == [1]
    assert not here.stands
    here.write(words("See Smith, p. 7"))
    meet()
    assert left.text() == f"o{EMBED_CHARACTER}wo\n"
    assert notes(left) == ["See Smith, p. 7"]


def test_another_note_right_behind_one_that_is_taken_out_is_another_note(two):
    left, right, meet = two
    with left.edit(Origin.LOCAL) as edit:
        edit.insert_embed(4, embed_of(words("Another")))
    meet()
    here = FootnoteHere(right, 3)
    with left.edit(Origin.LOCAL) as edit:
        edit.delete(3, 1)
    meet()
    assert not here.stands
    here.write(words("Mine"))
    assert notes(right) == ["Mine", "Another"]


def test_a_new_note_comes_in_with_its_first_words_and_goes_with_the_last(two):
    left, _, _ = two
    here = FootnoteHere(left, 0, is_new=True)
    here.write(())
    assert notes(left) == ["See Smith"]
    here.write(words("First"))
    assert notes(left) == ["First", "See Smith"]
    with left.edit(Origin.LOCAL) as edit:
        edit.insert(0, "👍")
    before = FootnoteHere(left, 0, is_new=True)
    before.write(words("Before"))
    before.write(())
    here.write(())
    assert notes(left) == ["See Smith"]


def test_what_is_written_in_a_note_is_taken_back_as_one_step(two):
    left, _, _ = two
    left.steps.begin()
    here = FootnoteHere(left, 3)
    here.write(words("See Smi"))
    left.steps.go_on()
    here.write(words("See Smirnov"))
    left.undo()
    assert notes(left) == ["See Smith"]
    assert here.words == words("See Smith")
    left.redo()
    assert notes(left) == ["See Smirnov"]
    assert here.stands


@pytest.mark.parametrize(
    ("text", "at", "is_code", "expected"),
    [
        ("one\ncode\ncode", 8, (4, 9), 3),
        ("code\ncode\ntwo", 1, (0, 5), 13),
        ("code", 1, (0,), 1),
    ],
)
def test_a_new_note_comes_in_beside_what_has_become_code_meanwhile(text, at, is_code, expected):
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, text)
    here = FootnoteHere(document, at, is_new=True)
    with document.edit(Origin.REMOTE) as edit:
        for line in is_code:
            edit.format_lines(line, 0, {"code-block": True})
    here.write(words("See"))
    assert [at for at, _ in footnotes_in(document.spans())] == [expected] == [here.at]


@pytest.mark.parametrize("seed", seeds(12))
def test_a_note_is_followed_through_whatever_others_write(seed):
    chance = Random(seed)
    left, right = MendedDocument.new(clock=lambda: 0), MendedDocument(clock=lambda: 0)
    with left.edit(Origin.IMPORT) as edit:
        edit.insert(0, "some words around a note")
        edit.insert_embed(10, embed_of(words("0")))
    right.apply_remote(left.state())
    here = FootnoteHere(right, 10)
    for step in range(20):
        at = next(at for at, _ in footnotes_in(left.spans()))
        with left.edit(Origin.LOCAL) as edit:
            match chance.randrange(4):
                case 0:
                    edit.insert(chance.randrange(left.length), "x")
                case 1 if left.length > 5:
                    first = chance.choice([each for each in range(left.length - 1) if each != at])
                    edit.delete(first, 1)
                case 2:
                    edit.insert_embed(at, embed_of(words(str(step))))
                    edit.delete(at + 1, 1)
                case _:
                    edit.delete(at, 1)
                    edit.insert_embed(at, embed_of(words(f"{step}b")))
        right.apply_remote(left.update_since(right.state_vector()))
        assert here.stands
        assert [(here.at, here.words)] == list(footnotes_in(right.spans()))
