"""Links to the headings of a text."""

from __future__ import annotations

import pytest

from cowrite.convert.values import address
from cowrite.core.text.richtext import Utf16
from cowrite.core.writing.heading_links import address_of, heading_of, leads_within, names
from cowrite.core.writing.headings import Heading


def told(*texts: str) -> list[Heading]:
    return [Heading(Utf16(at), 1, text) for at, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What we agreed on", "what-we-agreed-on"),
        ("Who's who? (2026)", "whos-who-2026"),
        ("a_b - c", "a_b---c"),
        ("Größe & Maße", "größe--maße"),
        ("质量 第一", "质量-第一"),
        ("🚀 Launch", "-launch"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("e\u0301te\u0301: 5 m²", "e\u0301te\u0301-5-m"),
    ],
)
def test_a_heading_is_called_by_its_words_as_on_github(text: str, name: str) -> None:
    assert names(told(text)) == [name]
    assert address(f"#{name}") == f"#{name}"  # what a text may hold


def test_headings_with_the_same_words_are_told_apart() -> None:
    found = told("Notes", "Notes", "Notes-1", "Notes")
    assert names(found) == ["notes", "notes-1", "notes-1-1", "notes-2"]
    assert [heading_of(f"#{name}", found) for name in names(found)] == found


def test_an_address_leads_to_its_heading_however_it_is_written() -> None:
    found = told("Größe", "What we agreed on")
    for written in ("#what-we-agreed-on", "#What-We-Agreed-On", "#what%20we%20agreed%20on"):
        assert heading_of(written, found) == found[1]
    assert heading_of("#gr%C3%B6%C3%9Fe", found) == found[0]
    assert heading_of("#nowhere", found) is None
    assert heading_of("#nowhere", told("!")) is None


def test_the_words_of_a_heading_give_its_address() -> None:
    found = told("Notes", "What we agreed on")
    assert address_of("what we  agreed on", found) == "#what-we-agreed-on"
    assert address_of("what we agreed", found) is None
    assert address_of("#What%20we agreed-on", found) == "#what-we-agreed-on", "other programs know no other"
    assert address_of("#what-we-agreed", found) is None
    assert address_of("!", told("!")) is None


def test_only_an_address_of_a_place_leads_within() -> None:
    assert leads_within("#a")
    assert not any(leads_within(each) for each in ("#", "a#b", "https://example.org/#a", None, 5))
