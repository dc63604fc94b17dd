"""Drafts with a table, and what they show."""

from __future__ import annotations

from cowrite.core.document.document import Document
from cowrite.core.text.richtext import lines_of
from cowrite.core.text.table import Table, with_tables
from cowrite.core.writing.tables import TableHere, table_at
from helpers.drafts import draft


def with_table(*rows: str, above: str = "above", below: str = "below") -> Document:
    """A draft with a table: `"A B"` is a row of two cells."""
    cells = [(cell.replace("_", ""), {"table": f"{number}"}) for number, row in enumerate(rows) for cell in row.split()]
    return draft(above, *cells, below)


def shown(document: Document) -> list[str | list[str]]:
    """The draft's lines; a table as its rows, each as its cells in one string."""
    found: list[str | list[str]] = []
    for part in with_tables(lines_of(document.spans())):
        rows = part.rows if isinstance(part, Table) else [(part,)]
        texts = ["|".join("".join(span.text for span in cell.spans) for cell in row) for row in rows]
        found.append(texts if isinstance(part, Table) else texts[0])
    return found


def there(document: Document, text: str) -> TableHere:
    """The table around a text."""
    table = table_at(document, document.text().index(text))
    assert table is not None
    return table
