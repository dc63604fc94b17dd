"""The tracked changes of an OpenDocument text as suggested ones (ODF 1.3 part 3, 5.5).

What is tracked to come in stands in the text, between two signs. What is tracked to go stands apart, before the text,
and where it stood is one sign; in a single XML file LibreOffice has it between two signs, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cowrite.convert.file_read import Losses
from cowrite.convert.odt.names import name_of, odf, stated
from cowrite.convert.tracked_where import TrackedWhere, moment
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.richtext import DELETION, INSERTION

_KINDS = {"text:insertion": INSERTION, "text:deletion": DELETION}


class Change(NamedTuple):
    """A tracked change.

    Attributes:
        marks: what is suggested of what it is about; both where what somebody has put in is to go again.
        gone: the element with what is to go; None where nothing is.
    """

    marks: Mapping[str, str]
    gone: Any


class OdtChanges:
    """The tracked changes of one document that is read.

    Args:
        text: what holds its text.
        where: is given whose each change is.
        losses: takes note of what comes in otherwise than it was.
    """

    def __init__(self, text: Any, where: TrackedWhere, losses: Losses) -> None:
        self._where = where
        self._changes: dict[str, Change] = {}
        self._open: dict[str, dict[str, str]] = {name: {} for name in _KINDS.values()}
        for region in text.iterfind(f"{odf('text:tracked-changes')}/{odf('text:changed-region')}"):
            if region.find(odf("text:format-change")) is not None:
                losses.change("tracked looks")
            for name in ("text:id", "xml:id"):
                if id := stated(region, name):
                    self._changes[id] = self._read(region)

    @property
    def marks(self) -> Mapping[str, str]:
        """What is suggested of what is being read."""
        return {name: next(reversed(open_.values())) for name, open_ in self._open.items() if open_}

    def meet(self, element: Any) -> Change | None:
        """Takes note of a sign.

        Returns:
            For one that stands for what is to go the change; None for any other.
        """
        id = stated(element, "text:change-id")
        change = self._changes.get(id)
        if change is None:
            return None
        match name_of(element):
            case "text:change-start":
                for name, number in change.marks.items():
                    self._open[name][id] = number
            case "text:change-end":
                for open_ in self._open.values():
                    open_.pop(id, None)
            case "text:change" if change.gone is not None:
                del self._changes[id]  # whatever a file says, it is read once
                return change
        return None

    def _read(self, region: Any) -> Change:
        marks: dict[str, str] = {}
        gone = None
        for element in region.iter(*map(odf, _KINDS)):
            name = _KINDS[name_of(element)]
            marks.setdefault(name, self._where.number(authorship_in(element.find(odf("office:change-info")))))
            gone = element if name == DELETION else gone
        return Change(marks, gone)


def authorship_in(element: Any) -> Authorship:
    """Who has made what an element is about, and when, by what it says (`dc:creator`, `dc:date`)."""
    if element is None:
        return Authorship(Author(""), 0)
    creator, date = element.findtext(odf("dc:creator")) or "", element.findtext(odf("dc:date")) or ""
    return Authorship(Author(creator.strip()), max(0, moment(_whole_seconds(date.strip()))))


def _whole_seconds(date: str) -> str:
    """A moment as Python reads it, which knows six digits behind the point at most, and LibreOffice writes nine."""
    whole, point, rest = date.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return f"{whole}{rest[len(digits) :]}" if point else date
