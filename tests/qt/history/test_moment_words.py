"""Moments and their authors in words and colours, as the history says them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale

from cowrite.app.history.people import Known, authors, members_kept_from
from cowrite.gui.history.moment_words import (
    NOBODY,
    OPENED,
    Author,
    amount,
    clock,
    day,
    names,
    period,
    phrase,
    told,
    when,
)
from cowrite.gui.look.contrast import TEXT_CONTRAST, contrast
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import named
from cowrite_server.wire.history import MomentList, MomentSummary
from helpers.history_window import ADA, BEN, DAY, NOW, row

SOMEBODY = Author(None, "Somebody", NOBODY)


def test_a_time_that_is_read_from_the_right_turns_nothing_beside_it() -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("ar_EG"))
    try:
        assert clock(NOW) == "\u2068٣:٠٠ م\u2069"
        assert amount(row(0, added=120, removed=8)) == "+\u2068١٢٠\u2069 −\u2068٨\u2069"
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("minutes", "heading", "short", "within"),
    [
        (5, "Today", "Today", "today at"),
        (DAY, "Yesterday", "Yesterday", "yesterday at"),
        (2 * DAY, "Monday", "Mon", "on Monday at"),
        (10 * DAY, "Sun 22 February", "22 Feb,", "on Sun 22 February at"),
        (100 * DAY, "Mon 24 November 2025", "24 Nov 2025,", "on Mon 24 November 2025 at"),
    ],
)
def test_a_time_is_said_as_people_say_it(minutes: int, heading: str, short: str, within: str) -> None:
    moment = row(minutes)
    assert day(moment.ended, NOW) == heading
    assert when(moment, NOW).startswith(f"{short} ")
    assert phrase(moment.ended, NOW).startswith(within)


def test_authors_and_amounts_are_said_in_one_line() -> None:
    moment = row(2 * DAY, ADA, BEN, added=120, removed=8)
    assert told(moment, NOW).endswith("Ada and Ben, +120 \N{MINUS SIGN}8")
    assert told(moment, NOW).startswith("Mon ")
    assert amount(row(0)) == ""
    assert names([ADA]) == "Ada"
    assert names([ADA, BEN, SOMEBODY]) == "Ada, Ben and Somebody"
    assert names([ADA, BEN, SOMEBODY, ADA, BEN]) == "Ada, Ben and 3 others"
    said = "\u2068محمد\u2069 and Ada"
    assert names([Author(3, "محمد", NOBODY), ADA]) == f"\u200e{said}"  # or it is painted from right to left


def test_what_was_opened_is_nobody_who_wrote() -> None:
    assert names([OPENED]) == "Opened together"
    assert names([ADA, OPENED, BEN]) == "Opened together · Ada and Ben"


def test_what_is_nobodys_was_opened_only_since_the_server_knows_who_comes() -> None:
    moments = [MomentSummary(seq, 0, 0, members, 1, 0) for seq, members in ((3, (None,)), (5, (None, 2)), (7, (None,)))]
    assert members_kept_from(MomentList(tuple(moments), 0)) == 5
    assert members_kept_from(MomentList(tuple(moments[:1]), 0)) is None


def test_a_moment_that_took_minutes_is_said_from_when_to_when() -> None:
    assert " to " in period(row(0, length=7))
    assert " to " not in period(row(0))


def test_members_have_their_names_and_the_colours_in_which_they_are_seen_here() -> None:
    known = Known({1: "Ada", 2: "Ben"}, {"Ada": "#123456"})
    people = authors([2, 1, None, 5], known)
    assert people[1] == Author(1, "Ada", "#123456")
    assert people[2].name == "Ben"
    assert people[5].name == "Member 5"
    assert people[None] == SOMEBODY


def test_nobody_shares_a_colour_as_long_as_the_palette_lasts() -> None:
    people = authors([1, 13, 25, 2], Known({1: "Ada"}, {"Ada": PEOPLE[2].light}))
    assert len({author.colour for author in people.values()}) == 5
    assert authors([2], Known()) == {2: Author(2, "Member 2", PEOPLE[2].light), None: SOMEBODY}


def test_two_who_chose_the_same_colour_are_told_apart() -> None:
    people = authors([1, 2], Known({1: "Ada", 2: "Ben"}, {"Ada": PEOPLE[3].light, "Ben": PEOPLE[3].light}))
    assert people[1].colour == PEOPLE[3].light
    assert people[2].colour != PEOPLE[3].light


@pytest.mark.parametrize("theme", [named("light"), named("dark")], ids=["light", "dark"])
def test_all_text_is_readable_on_every_authors_tint_and_a_strong_one_stands_out(theme) -> None:
    for colour in [swatch.light for swatch in PEOPLE] + [NOBODY, "#ffff00", "#000000"]:
        soft, strong = theme.tint(colour), theme.tint(colour, strong=True)
        assert len({soft, strong, theme.page}) == 3, colour
        for ink in (theme.text, theme.link, theme.quote_text, theme.code_text):
            assert contrast(ink, soft) >= TEXT_CONTRAST
            assert contrast(ink, strong) >= TEXT_CONTRAST
