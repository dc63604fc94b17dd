"""Notes of a board as a table of comma-separated values (RFC 4180).

Runs anywhere, without I/O.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cowrite.convert.errors import NotRows
from cowrite.convert.notes.list import ListedNote, NotNotes, checked, plain, with_merged, with_model_text
from cowrite.convert.notes.marks import Results, link_words, read_links
from cowrite.convert.separated import (
    SEPARATORS,
    guarded,
    rows_in,
    separator_in,
    unguarded,
    unquoted_row,
)
from cowrite.convert.values import IMAGE_NAME
from cowrite.core.board.items import COLOURS, Hand

COLUMNS = (
    *("text", "group", "colour", "author", "votes", "group votes", "merged"),
    *("mean score", "group mean score", "place in ranking", "group place in ranking"),
    *("late", "frame", "picture", "number", "links", "assistant", "assistant wrote"),
    "group assistant wrote",
)
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("text", "note", "notes", "idea", "ideas", "content", "card"), "text"),
    **dict.fromkeys(("group", "theme", "category", "cluster", "column", "topic"), "group"),
    **dict.fromkeys(("colour", "color"), "colour"),
    **dict.fromkeys(("author", "by", "written by", "creator"), "author"),
    **dict.fromkeys(("votes", "dots", "vote count"), "votes"),
    **{name: name for name in COLUMNS[5:]},
}
_HANDS = {Hand.PERSON: "", Hand.ADOPTED: "adopted", Hand.MODEL: "not adopted"}
_LINE = "|"


def to_csv(notes: Iterable[ListedNote]) -> str:
    """A table with a row for each note; what a note stands for follows it, with "yes" under "merged". A note that links
    name has a number, which stands behind the words of the link: "builds on 3"."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    for note in notes:
        writer.writerow(_row(note, ""))
        writer.writerows(_row(replace(each, group=note.group), "yes") for each in note.stands_for)
    return output.getvalue()


def from_csv(text: str) -> list[ListedNote]:
    """The notes of a table whose first row names the columns; a table of one column may do without it.

    Raises:
        NotNotes: it is no table, no column is known to hold the texts, or see `list.checked`.
    """
    rows, separator = _rows(text)
    head, body = _head(rows)
    if len(rows[0]) == 1:  # each line is one text, also where somebody wrote the separator in it without quotes
        body = [[_together(row, separator)] for row in body]
    found: list[ListedNote] = []
    for row in body:
        cells = {name: unguarded(row[at]) for name, at in head.items() if at < len(row)}
        note = _note(cells)
        if note.is_empty:
            continue
        if _is_yes(cells, "merged") and found:
            found[-1] = with_merged(found[-1], note)
        else:
            found.append(note)
    return checked(found)


def _rows(text: str) -> tuple[list[list[str]], str]:
    """The rows of a table that say anything, and their separator."""
    try:
        rows, separator = rows_in(text, _separator)
    except NotRows as error:
        raise NotNotes(str(error), error.line) from error
    if not rows:
        raise NotNotes("There are no ideas in it: no line has text.")
    return rows, separator


def _separator(text: str) -> str:
    """The separator in the first row; an upright line only where it divides names of columns there, because people
    write it in a list of words, too."""
    if not any(separator in unquoted_row(text) for separator in SEPARATORS):
        cells = text.split("\n", 1)[0].split(_LINE)
        if len(cells) > 1 and any(_name(cell.strip().strip('"')) == "text" for cell in cells):
            return _LINE
    return separator_in(text)


def _together(row: list[str], separator: str) -> str:
    """The words of a row as they stood there."""
    return separator.join(row).rstrip(separator)


def _name(cell: str) -> str | None:
    """Which column a cell of the head names."""
    return _NAMES.get(" ".join(cell.replace("_", " ").split()).casefold())


def _head(rows: list[list[str]]) -> tuple[dict[str, int], list[list[str]]]:
    """Which column holds what, and the rows below the head."""
    head: dict[str, int] = {}
    for at, cell in enumerate(rows[0]):
        if name := _name(cell):
            head.setdefault(name, at)
    if "text" in head:
        return head, rows[1:]
    if all(len(row) == 1 for row in rows):
        return {"text": 0}, rows
    raise NotNotes("The table’s first row has to name its columns, and one of them “text”, “note” or “idea”.", 1)


def _note(cells: Mapping[str, str]) -> ListedNote:
    colour = cells.get("colour", "").strip().casefold()
    picture = cells.get("picture", "").strip()
    note = ListedNote(
        plain(cells.get("text", "")),
        " ".join(plain(cells.get("group", "")).split()),
        colour if colour in COLOURS else "",
        " ".join(cells.get("author", "").split()),
        results=_results(cells),
        group_results=_results(cells, "group "),
        is_late=_is_yes(cells, "late"),
        frame=" ".join(plain(cells.get("frame", "")).split()),
        picture=picture if IMAGE_NAME.fullmatch(picture) else "",
        number=_whole(cells.get("number", "")) or 0,
        links=read_links(cells.get("links", "")),
        hand=next((hand for hand, said in _HANDS.items() if said == _plain(cells, "assistant")), Hand.PERSON),
        model_text=cells.get("assistant wrote", ""),
        group_model_text=cells.get("group assistant wrote", ""),
    )
    return with_model_text(note)


def _results(cells: Mapping[str, str], of: str = "") -> Results:
    votes, score, rank = (cells.get(f"{of}{name}", "") for name in ("votes", "mean score", "place in ranking"))
    return Results(_number(votes), _number(score), _whole(rank))


def _row(note: ListedNote, merged: str) -> Sequence[str]:
    own, group = note.results, note.group_results
    votes, group_votes, *results = (
        "" if count is None else f"{count:g}"
        for count in (own.votes, group.votes, own.score, group.score, own.rank, group.rank)
    )
    return [
        *map(guarded, (note.text, note.group, note.colour, note.author)),
        *(votes, group_votes, merged, *results, "yes" if note.is_late else "", guarded(note.frame), note.picture),
        *(str(note.number) if note.number else "", link_words(note.links), _HANDS[note.hand]),
        # Also where nobody has changed it yet: a row that is reworded in the table has the words of two then.
        *map(guarded, (note.model_text, note.group_model_text)),
    ]


def _is_yes(cells: Mapping[str, str], name: str) -> bool:
    return _plain(cells, name) == "yes"


def _plain(cells: Mapping[str, str], name: str) -> str:
    return " ".join(cells.get(name, "").split()).casefold()


def _whole(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"\s*[0-9]{1,9}\s*", cell) else None


def _number(cell: str) -> float | None:
    """A number; programs for tables write a comma for its point where people do."""
    is_number = re.fullmatch(r"\s*[0-9]{1,9}([.,][0-9]{1,9})?\s*", cell)
    return float(cell.replace(",", ".")) if is_number else None
