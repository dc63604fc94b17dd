"""Three people work in one table at once: all have the same, and nothing goes that somebody wrote in a cell that nobody
deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import permutations
from random import Random

import pytest

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.core.writing.line import line_at
from cowrite.core.writing.lines import delete
from cowrite.core.writing.table_commands import (
    delete_columns,
    delete_rows,
    delete_table,
    insert_column,
    insert_row,
    insert_table,
)
from cowrite.core.writing.tables import table_at
from helpers.copies import meet
from helpers.drafts import draft
from helpers.seeds import seeds

WORD = re.compile(r"<\d+\.\d+>")


class Maker:
    """One person's copy, and what this person knows to be gone."""

    def __init__(self, number: int, state: bytes, chance: Random) -> None:
        self.document = MendedDocument(client_id=number, clock=lambda: 1)
        self.document.apply_remote(state)
        self.chance = chance
        self.written: set[str] = set()
        self.gone: set[str] = set()

    def act(self, number: int) -> None:
        """Does one thing to the table."""
        document, chance = self.document, self.chance
        before = self.words
        cells = [at for at in range(document.length) if table_at(document, at)]
        at = chance.choice(cells) if cells else 0
        document.steps.begin()
        match chance.choices(range(9), [6, 3, 3, 3, 2, 2, 0.3, 2, 1])[0]:
            case _ if not cells:
                insert_table(document, 5, 5, 2, 2)
            case 0:
                self.write(at, number)
            case 1:
                insert_row(document, at, below=chance.random() < 0.5)
            case 2:
                insert_column(document, at, behind=chance.random() < 0.5)
            case 3:
                delete_rows(document, at, at)
            case 4:
                delete_columns(document, at, at)
            case 5:
                document.undo()
            case 6:
                delete_table(document, at)
            case 7:
                document.redo()
            case _:
                ends = [line_at(document, each) for each in (at, chance.choice(cells))]
                delete(document, min(ends).start, max(ends).end)
        self.gone = (self.gone | (before - self.words)) - self.words

    def write(self, at: int, number: int) -> None:
        """Writes a word into a cell."""
        table = table_at(self.document, at)
        assert table is not None
        cell = table.rows[table.row][table.column]
        word = f"<{self.document.client_id}.{number}>"
        with self.document.edit(Origin.LOCAL) as edit:
            edit.insert(cell.end, word)
        self.written.add(word)

    @property
    def words(self) -> set[str]:
        """The words that are there."""
        return set(WORD.findall(self.document.text()))


def everybody_meets(documents: Iterable[Document]) -> None:
    """Brings everybody what the others have."""
    for one, other in permutations(documents, 2):
        meet(one, other)


@pytest.mark.parametrize("seed", seeds(3))
def test_three_people_make_one_table(seed):
    chance = Random(seed)
    cells = [(cell, {"table": row}) for row in "123" for cell in "abc"]
    first = draft("above", *cells, "below")
    makers = [Maker(number, first.state(), chance) for number in range(1, 4)]
    documents = [maker.document for maker in makers]
    for turn in range(20):
        for maker in makers:
            if chance.random() < 0.7:
                maker.act(turn)
        if chance.random() < 0.4:
            source, target = chance.sample(documents, 2)
            target.apply_remote(source.update_since(target.state_vector()))
        if chance.random() < 0.2:
            everybody_meets(documents)
    for _ in range(3):
        everybody_meets(documents)
    spans = joined(documents[0].spans())
    assert all(joined(each.spans()) == joined(each.stored_spans()) == spans for each in documents)
    written, gone = (
        set().union(*sets) for sets in zip(*((maker.written, maker.gone) for maker in makers), strict=True)
    )
    assert written - gone <= makers[0].words
