"""What is typed at a place looks as that does, and its look is given to another: letters, and lines that are whole."""

from __future__ import annotations

from cowrite.core.text.origin import Origin
from cowrite.core.writing.looks import common_attributes, give, inherited_attributes, look_of
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


def test_text_typed_behind_bold_text_is_bold_and_behind_a_link_is_none():
    document = draft("")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "bold", {"bold": True})
        edit.insert(4, "link", {"link": "https://example.org", "italic": True})
    assert inherited_attributes(document, 2) == {"bold": True}
    assert inherited_attributes(document, 4) == {"bold": True}
    assert inherited_attributes(document, 6) == {"link": "https://example.org", "italic": True}
    assert inherited_attributes(document, 8) == {"italic": True}


def test_text_typed_at_the_start_of_a_line_takes_the_look_of_what_follows_and_none_from_the_line_above():
    document = draft("", "")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "above", {"bold": True})
        edit.insert(6, "here", {"italic": True})
    assert inherited_attributes(document, 6) == {"italic": True}


def test_common_attributes_are_those_that_every_character_has():
    document = draft("")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "a", {"bold": True, "italic": True})
        edit.insert(1, "b", {"bold": True})
        edit.insert_embed(2, {"image": "x"})
        edit.insert(3, "\n", {"header": 1})
        edit.insert(4, "c", {"bold": True, "code": True})
    assert common_attributes(document, 0, 5) == {"bold": True}
    assert marked(document, 1) == [("c", {"bold": True, "code": True})]
