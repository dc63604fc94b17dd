"""What can be a name, and how names that are alike are told apart."""

from __future__ import annotations

import pytest

from cowrite_server.wire.names import NAME_UNITS, clean_name, free_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Ada   Lovelace\n", "Ada Lovelace"),
        ("A\x00d\x1ba\x7f", "A d a"),
        ("\u202eadA\u2066", "adA"),
        ("\ud800", None),
        ("", None),
        ("\u200e\u200d", None),
        ("\u3164", None),
        ("Ad\u200ba\u00ad", "Ada"),
        ("\u2028 \t", None),
        ("\ufffe\u4100\u6400\u6100", "\u4100\u6400\u6100"),  # shown as Ada where the first turns pairs of bytes
        ("A\uffffda\ufdd0\U0001fffe", "Ada"),
        ("Zoe\u0308", "Zoë"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("x" * 100, "x" * NAME_UNITS),
        ("\ufb1d" * NAME_UNITS, "\u05d9\u05b4" * (NAME_UNITS // 2)),
    ],
)
def test_a_name_is_what_people_can_see_of_it(text: str, name: str | None) -> None:
    assert clean_name(text) == name


def test_of_a_long_text_no_more_than_the_beginning_is_read_for_a_name() -> None:
    assert clean_name("Ada" + " " * 10_000 + "Lovelace") == "Ada"
    assert clean_name(" " * 10_000 + "Ada") is None


def test_names_that_are_taken_get_the_first_free_number() -> None:
    assert free_name("Ada", set()) == "Ada"
    assert free_name("Ada", {"Ada", "Ada (3)"}) == "Ada (2)"
    assert free_name("Ada (2)", {"Ada (2)"}) == "Ada (2) (2)"
    assert free_name("ada", {"Ada"}) == "ada (2)"
    assert free_name("Ad\u200da", {"Ada"}) == "Ad\u200da (2)"
    assert free_name("\uff21da", {"Ada"}) == "\uff21da (2)"
    long = "x" * NAME_UNITS
    assert free_name(long, {long}) == f"{'x' * (NAME_UNITS - 4)} (2)"
