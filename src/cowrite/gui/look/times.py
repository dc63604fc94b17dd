"""Moments as people read them."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale

from cowrite_server.counting import counted

WORDS = QLocale(QLocale.Language.English)  # names of days and months, as all other words of the program
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000  # milliseconds


def ago(moment: int, now: int) -> str:
    """How long ago a moment was, both in milliseconds since 1970; a date where that is more than a week."""
    passed = max(0, now - moment)
    if passed < MINUTE:
        return "just now"
    if passed < 7 * DAY:
        return f"{_span(passed)} ago"
    return f"on {date(moment)}"


def ahead(moment: int, now: int) -> str:
    """How long it is until a moment, to the nearest day, hour or minute; where that is more than a week, the day that
    it ends, which for midnight is the one before it."""
    left = moment - now
    if left < MINUTE:
        return "in less than a minute"
    if left < 7 * DAY:
        unit = next(each for each in (DAY, HOUR, MINUTE) if left >= each)
        return f"in {_span((left + unit // 2) // unit * unit)}"
    return f"on {date(moment - 1)}"


def date(moment: int) -> str:
    """The day of a moment, in this computer's time."""
    return WORDS.toString(QDateTime.fromMSecsSinceEpoch(moment).date(), "d MMMM yyyy")


def date_and_time(moment: int) -> str:
    """Day and time of a moment, in this computer's time."""
    return WORDS.toString(QDateTime.fromMSecsSinceEpoch(moment), "d MMMM yyyy, HH:mm")


def _span(length: int) -> str:
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if length >= unit:
            return counted(length // unit, name)
    return "a moment"
