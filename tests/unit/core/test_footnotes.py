"""Footnotes: what a note says is in its reference, and goes wherever that goes."""

from __future__ import annotations

from base64 import b64encode
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.embeds import embed_at
from cowrite.core.footnote_here import FootnoteHere, merged_words
from cowrite.core.footnotes import as_words, embed_of, footnote_of, footnotes_in, identity_of, text_of
from cowrite.core.moving import move, possible
from cowrite.core.origin import Origin
from cowrite.core.richtext import EMBED_CHARACTER, SOFT_BREAK, Span, joined
from cowrite.core.suggested_text import as_copied
from cowrite.core.table_commands import insert_column, insert_row
from cowrite.core.tables import table_at
from helpers.seeds import seeds
from helpers.strategies import TEXTS
from helpers.suggesting import changes_of, decide


def words(text: str, **looks: object) -> tuple[Span, ...]:
    return (Span(text, looks),)


def notes(document: Document) -> list[str]:
    return [text_of(span.embed) for span in document.spans() if span.embed is not None]


@pytest.fixture
def two():
    """Two replicas of “one¹ two”, and what brings each to the other."""
    left, right = Document(client_id=7, clock=lambda: 0), Document(client_id=8, clock=lambda: 0)
    with left.edit(Origin.IMPORT) as edit:
        edit.insert(0, "one two\n")
        edit.insert_embed(3, embed_of(words("See Smith")))

    def meet() -> None:
        for one, other in ((left, right), (right, left)) * 2:  # and what that has put right
            other.apply_remote(one.update_since(other.state_vector()))

    meet()
    return left, right, meet


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
    left.begin_undo_step()
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


def test_two_who_change_a_note_at_the_same_moment_have_one_with_what_both_wrote_and_took_out(two):
    left, right, meet = two
    FootnoteHere(left, 3).write((Span("See "), Span("Smith", {"italic": True}), Span(", p. 7")))
    with left.edit(Origin.LOCAL) as edit:
        edit.insert(3, "!")
    FootnoteHere(right, 3).write(words("Smith and Jones"))
    meet()
    said = (Span("Smith", {"italic": True}), *words(", p. 7 and Jones"))
    assert [each for _, each in footnotes_in(left.spans())] == [said]
    assert list(left.spans()) == list(right.spans()) == left.stored_spans()
    assert left.text().count(EMBED_CHARACTER) == 1


def test_a_note_that_is_written_in_says_what_it_did_to_whoever_knows_no_identity(two):
    left, _, _ = two
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    (value,) = (span.embed["footnote"] for span in left.spans() if span.embed)
    assert [each["insert"] for each in value if "insert" in each] == ["See Smith, p. 7"]


def test_what_was_taken_out_of_a_note_is_not_in_it_any_more(two):
    left, _, _ = two
    here = FootnoteHere(left, 3)
    here.write(words("See Smith, or the secret"))
    here.write(words("See Smith"))
    identity = identity_of(next(span.embed for span in left.spans() if span.embed))
    assert b"secret" not in identity.state


def test_notes_and_rows_of_tables_are_put_right_in_one_where_two_come_together(two):
    left, right, meet = two
    with left.edit(Origin.IMPORT) as edit:
        for note in range(9):
            edit.insert_embed(3, embed_of(words(f"Note {note}")))
        edit.insert_spans(left.length, [Span("\n", {"table": "row"}), Span("\n")])
    meet()
    for document, word in ((left, "left"), (right, "right")):
        for at in range(3, 12):
            FootnoteHere(document, at).write(words(f"{text_of(embed_at(document, at).embed)} {word}"))
    insert_row(left, left.length - 2, below=True)
    insert_column(right, right.length - 2, behind=False)
    updates = left.update_since(right.state_vector()), right.update_since(left.state_vector())
    right.apply_remote(updates[0])
    left.apply_remote(updates[1])
    meet()
    assert joined(left.spans()) == joined(right.spans())
    assert all({"left", "right"} < set(note.split()) for note in notes(left)[:-1])
    assert [len(row) for row in table_at(left, left.length - 2).rows] == [2, 2]


def test_a_copy_of_a_note_is_another_one(two):
    left, right, meet = two
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    with left.edit(Origin.LOCAL) as edit:
        edit.insert_spans(8, as_copied(left.spans(3, 4)))
    meet()
    FootnoteHere(left, 3).write(words("See Smith, p. 77"))
    FootnoteHere(right, 8).write(words("Smith"))
    meet()
    assert notes(left) == notes(right) == ["See Smith, p. 77", "Smith"]


def test_notes_of_a_line_that_two_have_moved_apart_stay_with_both_lines(two):
    left, right, meet = two
    with left.edit(Origin.IMPORT) as edit:
        edit.insert(0, "zero\n")
    meet()
    FootnoteHere(left, 8).write(words("See Smith, p. 7"))
    move(right, possible(right, 5, 5, up=True))
    meet()
    assert sorted(notes(left)) == sorted(notes(right)) == ["See Smith", "See Smith, p. 7"]


@pytest.mark.parametrize(
    "state", [None, 7, "", "AA", "%%", "AAA=", b64encode(b"\x01\xff\xff\xff\xff\x7f" * 9).decode()]
)
def test_a_note_of_which_an_embed_tells_lies_is_one_by_itself(two, state):
    left, right, meet = two
    with left.edit(Origin.IMPORT) as edit:
        for _ in range(2):
            edit.insert_embed(0, {"footnote": [{"insert": "See"}, {"id": "1-1", "state": state}]})
    meet()
    assert notes(left) == notes(right) == ["See", "See", "See Smith"]
    FootnoteHere(left, 0).write(words("See that"))
    FootnoteHere(right, 0).write(words("Go see"))
    meet()
    assert notes(left) == notes(right) == ["Go see that", "See", "See Smith"]


def test_both_suggested_changes_of_one_note_are_in_it_when_they_are_accepted(two):
    left, right, meet = two
    for each, name, said in ((left, "Bo", "See Smith, p. 7"), (right, "Cy", "Go see Smith")):
        changes_of(each, name)
        FootnoteHere(each, 3).write(words(said))
        each.suggester = None
    meet()
    assert len(notes(left)) == 3
    decide(left, "accept")
    meet()
    assert notes(left) == notes(right) == ["Go see Smith, p. 7"]


def test_who_may_not_write_leaves_what_two_have_written_to_those_who_may(two):
    left, right, meet = two
    left.mends = right.mends = False
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    FootnoteHere(right, 3).write(words("Go see Smith"))
    meet()
    assert sorted(notes(left)) == ["Go see Smith", "See Smith, p. 7"]


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
    left.begin_undo_step()
    here = FootnoteHere(left, 3)
    here.write(words("See Smi"))
    left.go_on_with_undo_step()
    here.write(words("See Smirnov"))
    left.undo()
    assert notes(left) == ["See Smith"]
    assert here.words == words("See Smith")
    left.redo()
    assert notes(left) == ["See Smirnov"]
    assert here.stands


def as_a_step(document: Document, said: str) -> None:
    document.begin_undo_step()
    here = FootnoteHere(document, next(at for at, _ in footnotes_in(document.spans())))
    here.write(words(said))
    here.close()
    document.begin_undo_step()


def test_undo_takes_ones_own_words_out_of_a_note_in_which_another_has_written_and_redo_puts_them_in(two):
    left, right, meet = two
    left.forget_undo()
    as_a_step(left, "See Smith, p. 7")
    meet()
    as_a_step(right, "Go see Smith, p. 7")
    meet()
    for _ in range(2):
        left.undo()
        meet()
        assert notes(left) == notes(right) == ["Go see Smith"]
        left.redo()
        meet()
        assert notes(left) == notes(right) == ["Go see Smith, p. 7"]
    right.undo()
    meet()
    assert notes(left) == notes(right) == ["See Smith, p. 7"]


def test_all_that_one_has_written_in_one_step_goes_and_comes_again_though_another_wrote_in_between(two):
    left, right, meet = two
    left.begin_undo_step()
    here = FootnoteHere(left, 3)
    here.write(words("See Smith, p. 7"))
    as_a_step(right, "Go see Smith")
    meet()
    left.go_on_with_undo_step()
    here.write(words("Go see Smith, p. 7 and 8"))
    left.begin_undo_step()
    meet()
    for _ in range(2):
        left.undo()
        meet()
        assert notes(left) == notes(right) == ["Go see Smith"]
        left.redo()
        meet()
        assert notes(left) == notes(right) == ["Go see Smith, p. 7 and 8"]


def test_a_long_note_in_which_one_goes_on_writing_is_kept_once_for_undo(two):
    left, right, meet = two
    here = FootnoteHere(left, 3)
    left.begin_undo_step()
    for number in range(5):
        here.write(words("".join(f"{each} " for each in range(1500 + number))))
        left.go_on_with_undo_step()
    left.begin_undo_step()
    meet()
    as_a_step(right, "Go " + text_of(embed_of(here.words)))
    meet()
    left.undo()
    assert notes(left) == ["Go See Smith"]
    assert len(left.undone_footnotes) == 1


def test_what_is_undone_before_another_is_known_to_have_gone_on_from_it_is_not_in_the_note(two):
    left, right, meet = two
    left.forget_undo()
    as_a_step(left, "See Smith, p. 7")
    meet()
    as_a_step(right, "Go see Smith, p. 7")
    left.undo()
    assert notes(left) == ["See Smith"]
    meet()
    assert notes(left) == notes(right) == ["Go see Smith"]
    left.redo()
    meet()
    assert notes(left) == notes(right) == ["Go see Smith, p. 7"]


def test_a_note_that_undo_has_brought_back_is_the_same_one_to_who_writes_in_it(two):
    left, right, meet = two
    third = Document(client_id=9, clock=lambda: 0)
    third.apply_remote(left.state())
    left.forget_undo()
    as_a_step(left, "See Smith, p. 7")
    left.undo()
    meet()
    as_a_step(right, "Go see Smith")
    as_a_step(third, "See Smith and Jones")
    left.apply_remote(third.state())
    meet()
    third.apply_remote(left.state())
    assert notes(left) == notes(right) == notes(third) == ["Go see Smith and Jones"]


def test_a_suggested_change_of_a_note_that_is_rejected_meanwhile_leaves_one_note(two):
    left, right, meet = two
    changes_of(right, "Bo")
    here = FootnoteHere(right, 3)
    told: list[str] = []
    here.changed, here.gone = lambda: told.append("changed"), lambda: told.append("gone")
    here.write(words("See Smithson"))
    here.write(words("See Smithsons"))
    meet()
    decide(left, "reject")
    meet()
    assert (told, here.words, here.stands) == (["changed"], words("See Smith"), True)
    here.write(merged_words(words("See Smithsons"), words("See Smithsons, p. 7"), here.words))
    meet()
    decide(left, "accept")
    meet()
    assert notes(left) == ["See Smith, p. 7"]
    here.write(words("Jones"))
    meet()
    decide(left, "reject")
    meet()
    assert (notes(right), here.words) == (["See Smith, p. 7"], words("See Smith, p. 7"))


@pytest.mark.parametrize(
    ("text", "at", "is_code", "expected"),
    [
        ("one\ncode\ncode", 8, (4, 9), 3),
        ("code\ncode\ntwo", 1, (0, 5), 13),
        ("code", 1, (0,), 1),
    ],
)
def test_a_new_note_comes_in_beside_what_has_become_code_meanwhile(text, at, is_code, expected):
    document = Document.new(clock=lambda: 0)
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
    left, right = Document.new(clock=lambda: 0), Document(clock=lambda: 0)
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


def test_a_letter_goes_in_the_step_that_takes_its_mark_away_and_a_sign_of_two_units_is_in_its_place():
    document = Document(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "a", {"insertion": "one"})
        edit.insert(1, "\N{SEEDLING}\n")
    with document.edit(Origin.LOCAL) as edit:
        edit.format(0, 1, {"insertion": None})
        edit.delete(0, 1)
    assert document.text() == "\N{SEEDLING}\n"
