"""With which mark this copy has written a text, it knows whatever command wrote it: undo brings it back so."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.writing import lines, pasting, sorting, table_commands
from cowrite.core.writing.tables import table_at
from helpers.assisted import Copies, record, shown_marks
from helpers.drafts import draft


def assist(document: Document, at: int, text: str) -> None:
    document.steps.begin()
    with document.edit(Origin.ASSIST, record=record()) as edit:
        edit.insert(at, text)
    document.steps.begin()


def delete_twice_and_undo(document: Document, at: int) -> None:
    """Deletes some letters as by two presses of a key, and takes that back."""
    document.steps.begin()
    for _ in range(2):
        lines.delete(document, at, at + 2)
    document.undo()


def test_the_assistants_words_come_back_as_its_own_after_the_table_was_sorted_by_its_column() -> None:
    document = draft("above", "below")
    at = table_commands.insert_table(document, 6, 6, 2, 1)
    assist(document, at, "WORDS")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.text().index("\n", at) + 1, "apple")
    table = table_at(document, at)
    assert table is not None
    sorting.sort(document, table, sorting.sorted_rows(document, table, str.casefold, descending=False))
    before = shown_marks(document)
    assert "apple\nr1[WORDS]" in before
    delete_twice_and_undo(document, document.text().index("WORDS"))
    assert shown_marks(document) == before


def test_in_rows_that_are_pasted_at_once_undo_brings_back_each_cell_as_it_was_written() -> None:
    document = draft("above", "below")
    at = table_commands.insert_table(document, 6, 6, 3, 1)
    assist(document, at, "WORDS")
    table = table_at(document, at)
    assert table is not None
    for row, word in ((2, "pears"), (1, "apple")):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(table.rows[row][0].start + len("WORDS"), word)
    rows = list(document.spans(table.start, document.text().index("pears") + 6))
    end = document.length - 1
    pasting.insert_rich_text(document, end, end, rows)
    before = shown_marks(document)
    assert before.count("r1[WORDS]") == 2
    for word in ("pears", "WORDS"):
        delete_twice_and_undo(document, document.text().rindex(word))
        assert shown_marks(document) == before


def test_of_a_long_text_that_is_pasted_undo_brings_back_a_persons_words_as_theirs() -> None:
    document = draft("above")
    typed = "We have planted herbs along the wall. " * 60
    pasting.insert_rich_text(document, 5, 5, [Span("WORDS", {"ai": "r1"}), Span(typed), Span("MORE", {"ai": "r1"})])
    before = shown_marks(document)
    assert before == f"abover1[WORDS]{typed}r1[MORE]\n"
    for at in (document.text().index("MORE"), 5, 12):
        delete_twice_and_undo(document, at)
        assert shown_marks(document) == before


@pytest.mark.parametrize("away", ["b", "c"])
def test_rows_that_come_back_are_peoples_though_somebody_writes_into_the_assistants_cell_meanwhile(away: str) -> None:
    copies = Copies("above\nbelow\n", "abc")
    ada, ben, cleo = copies["a"], copies["b"], copies["c"]
    at = table_commands.insert_table(ada, 6, 6, 4, 1)
    table = table_at(ada, at)
    assert table is not None
    for row, word in zip(reversed(table.rows), ("pears", "melon", "lemon", "apple"), strict=True):
        with ada.edit(Origin.LOCAL) as edit:
            edit.insert(row[0].start, word)
    assist(cleo, cleo.text().index("pears") + 5, "WORDS")
    table = table_at(cleo, at)
    assert table is not None
    sorting.sort(cleo, table, sorting.sorted_rows(cleo, table, str.casefold, descending=True))
    copies.cut(away)
    with ben.edit(Origin.LOCAL) as edit:
        edit.insert(ben.text().index("ORDS"), "x")
    cleo.undo()
    copies.join()
    assert copies.texts() == ["above\nxapple\nlemon\nmelon\npearsr1[WORDS]\nbelow\n"]
