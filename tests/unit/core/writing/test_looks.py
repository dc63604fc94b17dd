"""The look of one place is given to another: letters, and lines where they are whole."""

from __future__ import annotations

from cowrite.core.text.origin import Origin
from cowrite.core.writing.lines import common_attributes
from cowrite.core.writing.looks import give, look_of
from helpers.drafts import draft, lines, marked


def given(document, source: tuple[int, int], target: tuple[int, int]):
    """The document once the look of one range was given to another."""
    give(document, *target, look_of(document, *source, common_attributes(document, *source)))
    return document


def test_words_get_the_look_of_words_and_keep_their_links_and_their_line():
    document = draft(("Big", {"header": 1}), "plain and more")
    with document.edit(Origin.LOCAL) as edit:
        edit.format_text(0, 2, {"bold": True, "color": "#aa0000"})
        edit.format_text(4, 5, {"italic": True, "link": "https://example.org/"})
    given(document, (0, 2), (4, 9))
    look = {"bold": True, "color": "#aa0000"}
    assert marked(document, 1) == [("plain", {**look, "link": "https://example.org/"}), " and more"]
    assert lines(document) == [("Big", {"header": 1}), "plain and more"]


def test_a_whole_line_gets_the_look_of_a_line_also_where_only_the_caret_is_in_each():
    styled = {"list": "checked", "indent": 1, "align": "center"}
    document = draft(("Big", styled), ("5", {"header": 2, "page-break": True}), "plain")
    with document.edit(Origin.LOCAL) as edit:
        edit.format_text(0, 3, {"bold": True})
        edit.format_text(0, 1, {"italic": True})
    given(document, (1, 1), (5, 5))
    wanted = {**styled, "list": "unchecked"}
    assert lines(document)[1] == ("5", {**wanted, "page-break": True})
    assert marked(document, 1) == [("5", {"bold": True})], "what all letters have, and not those before the caret"
    given(document, (6, 11), (0, 5))
    assert lines(document) == ["Big", ("5", {"page-break": True}), "plain"]
    assert marked(document) == ["Big"]


def test_items_keep_their_ticks_and_the_numbers_that_they_state():
    for attributes in ({"list": "checked"}, {"list": "ordered", "start": 5}):
        kind = {"list": attributes["list"].replace("checked", "unchecked")}
        document = draft(("a", {**kind, "indent": 2}), ("b", attributes))
        given(document, (0, 1), (2, 3))
        assert lines(document)[1] == ("b", {**attributes, "indent": 2})
