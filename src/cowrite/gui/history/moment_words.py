"""Moments of a document's history as a person reads them: when, who, how much.

Runs on the GUI thread. Words only; the widgets of the history window share them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QDateTime, QLocale

from cowrite.core.text.direction import from_left, isolated
from cowrite.gui.look.times import WORDS

NOBODY = "#6b6f76"
"""The colour of those whom nobody knows, as documents store colours."""

MINUS = "\N{MINUS SIGN}"

_SHORT = QLocale.FormatType.ShortFormat
_WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote in the document.

    Attributes:
        member: by what number the server knows them; None for those whom it does not know.
        name: what they are called.
        colour: theirs, as documents store it.
    """

    member: int | None
    name: str
    colour: str


OPENED = Author(None, "Opened together", NOBODY)
"""Stands for all whose sealed notes or ballots came into the document at once: nobody is told who wrote which."""


@dataclass(frozen=True, slots=True)
class RowName:
    """The name that somebody has given a moment.

    Attributes:
        text: the name.
        author: who named it so.
        time: when, local.
    """

    text: str
    author: Author
    time: QDateTime


@dataclass(frozen=True, slots=True)
class MomentRow:
    """One moment.

    Attributes:
        begun, ended: local times.
        authors: who wrote.
        added, removed: number of units.
        name: its name, if it has one.
    """

    begun: QDateTime
    ended: QDateTime
    authors: tuple[Author, ...]
    added: int
    removed: int
    name: RowName | None = None


def day(time: QDateTime, now: QDateTime) -> str:
    """The day of a time: "Today", "Yesterday", "Tuesday" within a week, else "Tue 3 March", with the year where it is
    another."""
    return _day(time, now, "dddd", "ddd d MMMM")


def when(row: MomentRow, now: QDateTime) -> str:
    """Day and time of a moment, in short: "Tue 14:05", and "3 Mar, 14:05" where that is longer ago than a week."""
    is_near = 0 <= row.ended.daysTo(now) < _WEEK
    return f"{_day(row.ended, now, 'ddd', 'd MMM')}{' ' if is_near else ', '}{clock(row.ended)}"


def _day(time: QDateTime, now: QDateTime, in_week: str, in_year: str) -> str:
    """The day of a time: "Today", "Yesterday", or in a format of Qt's: `in_week` within the last days, else `in_year`,
    to which the year is added where it is another."""
    days = time.daysTo(now)
    if days in (0, 1):
        return "Yesterday" if days else "Today"
    if 0 < days < _WEEK:
        return WORDS.toString(time, in_week)
    return WORDS.toString(time, in_year if time.date().year() == now.date().year() else f"{in_year} yyyy")


def phrase(time: QDateTime, now: QDateTime) -> str:
    """Day and time within a sentence: "on Tuesday at 14:05"."""
    heading = day(time, now)
    on = heading.lower() if heading in ("Today", "Yesterday") else f"on {heading}"
    return f"{on} at {clock(time)}"


def clock(time: QDateTime) -> str:
    """The time of day, as this computer writes it: "14:05"."""
    return isolated(QLocale().toString(time.time(), _SHORT))  # in Arabic it is read from the right


def period(row: MomentRow) -> str:
    """From when to when a moment went, without the day: "14:05 to 14:12"."""
    begun, ended = clock(row.begun), clock(row.ended)
    if begun == ended or row.begun.date() != row.ended.date():
        return ended
    return f"{begun} to {ended}"


def names(authors: Sequence[Author]) -> str:
    """Who they are, see `listed`, and before it that something was opened; read from the left also where the first name
    is not."""
    people = listed([author.name for author in authors if author != OPENED])
    return from_left(" · ".join(filter(None, (OPENED.name if OPENED in authors else "", people))))


def listed(known: Sequence[str]) -> str:
    """ "Ada", "Ada and Ben", "Ada, Ben and Carl", "Ada, Ben and 3 others"."""
    known = [isolated(name) for name in known]
    if len(known) > 3:
        known = [*known[:2], f"{len(known) - 2} others"]
    return " and ".join(filter(None, (", ".join(known[:-1]), *known[-1:])))


def amount(row: MomentRow) -> str:
    """How much was added and removed: "+120 −8"; empty where neither."""
    locale = QLocale()
    parts = (("+", row.added), (MINUS, row.removed))
    return " ".join(f"{sign}{isolated(locale.toString(count))}" for sign, count in parts if count)


def named(row: MomentRow, now: QDateTime | None = None) -> str:
    """Who gave a moment its name, and when that was: "named by Ada today at 14:05"; empty where it has none.

    Args:
        row: the moment.
        now: the time; None to leave out when it was.
    """
    if row.name is None:
        return ""
    return f"named by {isolated(row.name.author.name)}{'' if now is None else f' {phrase(row.name.time, now)}'}"


def quoted(row: MomentRow) -> str:
    """The name of a moment: "“Sent to Ben”"; empty where it has none."""
    return "" if row.name is None else f"“{row.name.text}”"


def told(row: MomentRow, now: QDateTime) -> str:
    """The whole moment in one line: "Tue 14:05, Ada and Ben, +120 −8", before it the name if it has one."""
    facts = (quoted(row), named(row, now), when(row, now), names(row.authors), amount(row))
    return ", ".join(filter(None, facts))
