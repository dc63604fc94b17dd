"""Moments in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale

from cowrite.gui.look.times import DAY, HOUR, MINUTE, ago, ahead, date


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (0, "just now"),
        (MINUTE, "1 minute ago"),
        (HOUR - 1, "59 minutes ago"),
        (DAY - 1, "23 hours ago"),
        (DAY + DAY // 2, "1 day ago"),
        (7 * DAY - 1, "6 days ago"),
    ],
)
def test_a_span_is_never_said_to_be_longer_than_it_is(passed: int, words: str) -> None:
    assert ago(10 * DAY, 10 * DAY + passed) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (7 * DAY - 1, "in 7 days"),
        (6 * DAY + HOUR, "in 6 days"),
        (89 * MINUTE, "in 1 hour"),
        (MINUTE, "in 1 minute"),
        (MINUTE - 1, "in less than a minute"),
    ],
)
def test_what_is_to_come_is_said_to_the_nearest_day_hour_or_minute(left: int, words: str) -> None:
    assert ahead(left, 0) == words


def test_dates_are_english_like_all_other_words() -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        assert "October" in date(1_792_800_000_000)
    finally:
        QLocale.setDefault(before)
