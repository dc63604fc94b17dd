"""What the signs that people type become."""

from __future__ import annotations

import pytest

from cowrite.core.text.origin import Origin
from cowrite.core.writing.habits import TRIGGERS, Styled, apply_habit, may_complete
from helpers.drafts import Clock, draft, lines, marked


def after_typing(text: str, style: dict | None = None):
    """A document in which a line was typed, with a caret at its end."""
    document = draft((text, style or {}))
    return document, apply_habit(document, len(text.encode("utf-16-le")) // 2)


@pytest.mark.parametrize(
    ("signs", "style"),
    [
        *(("#" * level + " ", {"header": level}) for level in range(1, 7)),
        ("- ", {"list": "bullet"}),
        ("* ", {"list": "bullet"}),
        ("+ ", {"list": "bullet"}),
        ("1. ", {"list": "ordered"}),
        ("1) ", {"list": "ordered"}),
        ("[] ", {"list": "unchecked"}),
        ("[ ] ", {"list": "unchecked"}),
        ("- [ ] ", {"list": "unchecked"}),
        ("[x] ", {"list": "checked"}),
        ("> ", {"blockquote": True}),
        ("```", {"code-block": True}),
    ],
)
def test_signs_at_the_start_of_a_line_become_its_style(signs, style):
    document, styled = after_typing(signs)
    assert styled == Styled(0)
    assert lines(document) == [("", style)]
    assert signs[-1] in TRIGGERS
    assert may_complete(signs[-1], signs)


def test_a_space_is_worth_a_look_at_the_start_of_a_line_and_behind_an_address():
    assert not may_complete(" ", "many words ")
    assert may_complete(" ", "many words and WWW.example.org ")
    assert all(may_complete(sign, f"many words{sign}") for sign in TRIGGERS - {" "})


def test_signs_far_into_a_line_are_text():
    document, styled = after_typing("some words - ")
    assert styled is None
    assert lines(document) == ["some words - "]


def test_a_number_typed_below_an_item_goes_on_with_its_list():
    document = draft(("one", {"list": "ordered", "start": 7}), "5. ")
    assert apply_habit(document, 7) == Styled(4)
    assert lines(document) == [("one", {"list": "ordered", "start": 7}), ("", {"list": "ordered"})]


def test_a_box_typed_in_a_bullet_makes_it_an_item_to_tick():
    document, styled = after_typing("[] ", {"list": "bullet"})
    assert styled == Styled(0)
    assert lines(document) == [("", {"list": "unchecked"})]


@pytest.mark.parametrize("text", ["####### ", "#", "2026. ", "a- ", " # ", "-", "[y] ", "``"])
def test_other_signs_stay_what_they_are(text):
    document, styled = after_typing(text)
    assert styled is None
    assert lines(document) == [text]


@pytest.mark.parametrize("style", [{"header": 1}, {"list": "bullet"}, {"code-block": True}])
def test_signs_are_text_where_a_line_has_a_style(style):
    document, styled = after_typing("# ", style)
    assert styled is None
    assert lines(document) == [("# ", style)]


@pytest.mark.parametrize(
    ("signs", "name"),
    [("**", "bold"), ("__", "bold"), ("*", "italic"), ("_", "italic"), ("~~", "strike"), ("`", "code")],
)
@pytest.mark.parametrize("words", ["word", "two words", "é", "漢字", "😀", "👩‍👩‍👧 שלום"])
def test_signs_around_words_format_them(signs, name, words):
    document, styled = after_typing(f"see {signs}{words}{signs}")
    assert marked(document) == ["see ", (words, {name: True})]
    assert styled == Styled(4 + len(words.encode("utf-16-le")) // 2, (name,))


@pytest.mark.parametrize(
    "text", ["a*b*", "snake_case_", "2 * 3 *", "** bold**", "**bold **", "****", "``", "**a*", "~a~", "x`y`"]
)
def test_signs_that_surround_no_words_of_their_own_stay(text):
    document, styled = after_typing(text)
    assert styled is None
    assert lines(document) == [text]


def test_signs_inside_of_code_are_code():
    document = draft("")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "*a*", {"code": True})
    assert apply_habit(document, 3) is None


@pytest.mark.parametrize("text", ["`__init__", "see `*args*", "(`~~x~~"])
def test_signs_are_code_where_a_backtick_has_begun_it(text):
    document, styled = after_typing(text)
    assert styled is None
    assert lines(document) == [text]


def test_a_backtick_that_begins_no_code_is_no_matter():
    document, _ = after_typing("the ` key is **here**")
    assert marked(document) == ["the ` key is ", ("here", {"bold": True})]


def test_text_behind_the_caret_is_left_alone():
    document = draft("**bold** and more")
    assert apply_habit(document, 8) == Styled(4, ("bold",))
    assert marked(document) == [("bold", {"bold": True}), " and more"]


def test_undo_gives_the_typed_signs_back():
    clock = Clock()
    document = draft("", clock=clock)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "# ")
    apply_habit(document, 2)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Head")
    document.undo()
    assert lines(document) == [("", {"header": 1})]
    document.undo()
    assert lines(document) == ["# "]
    document.undo()
    assert lines(document) == [""]


@pytest.mark.parametrize(
    ("text", "shown", "address"),
    [
        ("see https://example.org ", "https://example.org", "https://example.org"),
        ("https://example.org/a?b=c#d. ", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("(www.example.org) ", "www.example.org", "https://www.example.org"),
        ("to a.b+c@mail.example.org, ", "a.b+c@mail.example.org", "mailto:a.b+c@mail.example.org"),
        ("“http://localhost:8000/”, ", "http://localhost:8000/", "http://localhost:8000/"),
        ("😀 https://x.org/Rain_(water) ", "https://x.org/Rain_(water)", "https://x.org/Rain_(water)"),
    ],
)
def test_a_web_address_becomes_a_link_with_the_space_behind_it(text, shown, address):
    assert may_complete(" ", text)
    document, styled = after_typing(text)
    assert styled == Styled(len(text.encode("utf-16-le")) // 2)
    assert [(span.text, span.attributes["link"]) for span in document.spans() if "link" in span.attributes] == [
        (shown, address)
    ]
    document.undo()
    assert lines(document) == [text]


@pytest.mark.parametrize(
    "text",
    [
        *("see https:// ", "www. ", "a.b ", "nhttps://x.org ", "https://x.org y ", "@ann ", "a@b ", "a@@b.c "),
        f"https://x.org/{'x' * 8000} ",
    ],
)
def test_other_words_are_no_addresses(text):
    document, styled = after_typing(text)
    assert styled is None
    assert lines(document) == [text]


def test_an_address_in_code_or_with_a_link_of_its_own_stays_as_it_is():
    assert after_typing("https://x.org ", {"code-block": True})[1] is None
    for attributes in ({"code": True}, {"link": "https://y.org"}):
        document = draft("https://x.org ")
        with document.edit(Origin.LOCAL) as edit:
            edit.format(0, 13, attributes)
        assert apply_habit(document, 14) is None
