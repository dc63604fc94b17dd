"""Footnotes in which several have written at the same moment: one, with what all of them wrote."""

from __future__ import annotations

from base64 import b64encode

import pytest

from cowrite.core.document.document import Document
from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.footnotes import embed_of, footnotes_in, identity_of, merged_words, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, Span, joined
from cowrite.core.text.suggested_text import as_copied
from cowrite.core.writing.embeds import embed_at
from cowrite.core.writing.moving import move, possible
from cowrite.core.writing.table_commands import insert_column, insert_row
from cowrite.core.writing.tables import table_at
from helpers.footnotes import Apart, apart, notes, words
from helpers.suggesting import changes_of, decide


@pytest.fixture
def two():
    return apart()


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


def test_undo_of_an_acceptance_has_both_changes_of_one_note_suggested_again(two):
    left, right, meet = two
    for each, name, said in ((left, "Bo", "See Smith, p. 7"), (right, "Cy", "Go see Smith")):
        changes_of(each, name)
        FootnoteHere(each, 3).write(words(said))
        each.suggester = None
    meet()
    suggested = joined(left.spans())
    decide(left, "accept")
    for _ in range(2):
        left.undo()
        meet()
        assert joined(left.spans()) == joined(right.spans()) == suggested
        left.redo()
        meet()
        assert notes(left) == notes(right) == ["Go see Smith, p. 7"]


def test_who_may_not_write_leaves_what_two_have_written_to_those_who_may(two):
    left, right, meet = two
    left.mends = right.mends = False
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    FootnoteHere(right, 3).write(words("Go see Smith"))
    meet()
    assert sorted(notes(left)) == ["Go see Smith", "See Smith, p. 7"]


def undone_and_redone(two: Apart, undone: str, redone: str) -> None:
    """What the note says on both replicas after undo and redo, again and again."""
    left, right, meet = two
    for _ in range(2):
        left.undo()
        meet()
        assert notes(left) == notes(right) == [undone]
        left.redo()
        meet()
        assert notes(left) == notes(right) == [redone]


def as_a_step(document: Document, said: str) -> None:
    document.steps.begin()
    here = FootnoteHere(document, next(at for at, _ in footnotes_in(document.spans())))
    here.write(words(said))
    here.close()
    document.steps.begin()


def test_undo_takes_ones_own_words_out_of_a_note_in_which_another_has_written_and_redo_puts_them_in(two):
    left, right, meet = two
    left.steps.forget()
    as_a_step(left, "See Smith, p. 7")
    meet()
    as_a_step(right, "Go see Smith, p. 7")
    meet()
    undone_and_redone(two, "Go see Smith", "Go see Smith, p. 7")
    right.undo()
    meet()
    assert notes(left) == notes(right) == ["See Smith, p. 7"]


def test_all_that_one_has_written_in_one_step_goes_and_comes_again_though_another_wrote_in_between(two):
    left, right, meet = two
    left.steps.begin()
    here = FootnoteHere(left, 3)
    here.write(words("See Smith, p. 7"))
    as_a_step(right, "Go see Smith")
    meet()
    left.steps.go_on()
    here.write(words("Go see Smith, p. 7 and 8"))
    left.steps.begin()
    meet()
    undone_and_redone(two, "Go see Smith", "Go see Smith, p. 7 and 8")


def undo_and_redo_all(document: Document) -> tuple[list[str], list[str]]:
    """What the notes say when all is taken back, and when all is done again."""
    while document.can_undo():
        document.undo()
    undone = notes(document)
    while document.can_redo():
        document.redo()
    return undone, notes(document)


def test_what_one_has_written_in_a_note_goes_with_undo_beside_what_is_to_go_again(two):
    left, right, meet = two
    left.steps.forget()
    changes_of(right, "Bo")
    as_a_step(right, "Go see Smith")
    meet()
    as_a_step(left, "See Smith, p. 7")
    decide(left, "accept")
    as_a_step(right, "See Smith!")
    meet()
    undone, redone = undo_and_redo_all(left)
    assert undone == ["Go see Smith!", "See Smith", "Go see Smith"]
    assert set(" ".join(redone).split()) == {"Go", "see", "Smith,", "p.", "7!"}


def test_a_word_that_was_brought_back_beside_anothers_is_there_once_when_all_is_undone_and_done_again(two):
    left, right, meet = two
    left.steps.forget()
    changes_of(right, "Bo")
    as_a_step(right, "Go see Smith")
    meet()
    as_a_step(left, "See old Smith")
    as_a_step(right, "See Smith, p. 7")
    decide(left, "accept")
    as_a_step(left, "Go see old John Smith")
    left.undo()
    meet()
    left.redo()
    _, redone = undo_and_redo_all(left)
    assert redone == ["Go see old John Smith, p. 7"]


def test_no_word_is_lost_where_redo_brings_two_steps_at_once(two):
    left, right, meet = two
    left.steps.forget()
    changes_of(right, "Bo")
    as_a_step(right, "Do see Smith")
    meet()
    as_a_step(right, "Go see Smith")
    decide(left, "accept")
    as_a_step(left, "Do now see Smith")
    meet()
    as_a_step(left, "Do go now see Smith, p. 7")
    full = notes(left)
    _, redone = undo_and_redo_all(left)
    assert redone == full


def test_a_long_note_in_which_one_goes_on_writing_is_kept_once_for_undo(two):
    left, right, meet = two
    here = FootnoteHere(left, 3)
    left.steps.begin()
    for number in range(5):
        here.write(words("".join(f"{each} " for each in range(1500 + number))))
        left.steps.go_on()
    left.steps.begin()
    meet()
    as_a_step(right, "Go " + text_of(embed_of(here.words)))
    meet()
    left.undo()
    assert notes(left) == ["Go See Smith"]
    assert len(left.steps.reworded.taken_back) == 1


def test_what_is_undone_before_another_is_known_to_have_gone_on_from_it_is_not_in_the_note(two):
    left, right, meet = two
    left.steps.forget()
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


def test_undo_takes_ones_letters_out_of_a_word_in_which_another_has_written_around_them(two):
    left, right, meet = two
    left.steps.forget()
    as_a_step(left, "See Smixth")
    meet()
    as_a_step(right, "See Sm1ix2th")
    meet()
    left.undo()
    meet()
    assert notes(left) == notes(right) == ["See Sm1i2th"]


@pytest.mark.parametrize("joins", [False, True])
def test_what_is_undone_stays_so_where_one_has_gone_on_with_something_else_before_anothers_words_arrive(two, joins):
    left, right, meet = two
    left.steps.forget()
    as_a_step(left, "See Smith, p. 7")
    meet()
    as_a_step(right, "Go see Smith, p. 7")
    left.undo()
    as_a_step(left, "See Smith!")
    if joins:  # the other's copy has both in one, and knows of no undo
        right.apply_remote(left.update_since(right.state_vector()))
    meet()
    meet()
    assert notes(left) == notes(right) == ["Go see Smith!"]


def test_two_who_have_both_taken_back_what_they_had_written_in_a_note_come_to_an_end(two):
    left, right, meet = two
    for document in (left, right):
        document.steps.forget()
    as_a_step(left, "See Smith, p. 7")
    meet()
    as_a_step(right, "Go see Smith, p. 7")
    meet()
    for document in (left, right):
        document.undo()
    for _ in range(5):  # what both send crosses
        updates = left.update_since(right.state_vector()), right.update_since(left.state_vector())
        right.apply_remote(updates[0])
        left.apply_remote(updates[1])
    assert left.state_vector() == right.state_vector()
    assert notes(left) == notes(right) == ["See Smith"]


def test_a_note_that_undo_has_brought_back_is_the_same_one_to_who_writes_in_it(two):
    left, right, meet = two
    third = MendedDocument(client_id=9, clock=lambda: 0)
    third.apply_remote(left.state())
    left.steps.forget()
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


def test_a_letter_goes_in_the_step_that_takes_its_mark_away_and_a_sign_of_two_units_is_in_its_place():
    document = MendedDocument(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "a", {"insertion": "one"})
        edit.insert(1, "\N{SEEDLING}\n")
    with document.edit(Origin.LOCAL) as edit:
        edit.format(0, 1, {"insertion": None})
        edit.delete(0, 1)
    assert document.text() == "\N{SEEDLING}\n"
