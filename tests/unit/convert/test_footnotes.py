"""Footnotes of Markdown and HTML, as those write them who have them."""

from __future__ import annotations

import pytest

from cowrite.convert.footnotes import MOST_REPEATED
from cowrite.convert.html.reader import from_html
from cowrite.convert.html.writer import to_html
from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.markdown.writer import to_markdown
from cowrite.convert.normal import normal_lines, spans_from
from cowrite.convert.plain_text import to_text
from cowrite.core.text.footnotes import embed_of, footnotes_in, is_footnote
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of

SIGN = EMBED_CHARACTER
PICTURE = f"sha256:{'ab' * 32}"


def read(spans: list[Span]) -> tuple[list[str], list[str]]:
    """The lines of rich text, and what its footnotes say, with looks as Markdown has them."""
    notes = [to_markdown([Line(words)], str).removesuffix("\n") for _, words in footnotes_in(spans)]
    return ["".join(span.text for span in line.spans) for line in lines_of(spans)], notes


@pytest.mark.parametrize(
    ("source", "lines", "notes"),
    [
        ("one[^1] two[^note].\n\n[^1]: See *Smith*.\n[^note]: <https://example.org>\n", [f"one{SIGN} two{SIGN}."],
         ["See _Smith_.", "<https://example.org>"]),
        ("# Head[^1]\n\n[^1]: First\n    goes on.\n\n    Second.\n\nText", [f"Head{SIGN}", "Text"],
         ["First goes on.\\\nSecond."]),
        ("one[^a] and again[^a]\n\n[^a]: Twice", [f"one{SIGN} and again{SIGN}"], ["Twice", "Twice"]),
        ("- item[^1]\n- other\n\n[^1]: - a\n    - b\n", [f"item{SIGN}", "other"], ["• a<br>• b"]),
        ("| a[^1] | b |\n|---|---|\n| c | d |\n\n[^1]: In a cell", [f"a{SIGN}", "b", "c", "d"], ["In a cell"]),
        ("> quoted[^1]\n>\n> [^1]: Within the quote", [f"quoted{SIGN}"], ["Within the quote"]),
        ("- item[^1]\n  [^1]: In the item\n- other", [f"item{SIGN}", "other"], ["In the item"]),
        ("1. a\n   1. b[^1]\n\n      [^1]: Deep\n          goes on", ["a", f"b{SIGN}"], ["Deep goes on"]),
        ("a[^1]\n\n[^1]: [^2]: [^3]: x", [f"a{SIGN}"], ["x"]),
        ("none[^x] here", ["none[^x] here"], []),
        (f"[^{'x' * 999}] [^{'x' * 1000}]\n\n[^{'x' * 999}]: As long as may be", [f"{SIGN} [^{'x' * 1000}]"],
         ["As long as may be"]),
        ("`[^1]` and \\[^1]\n\n```\n[^1]: code\n```\n\n[^1]: Unreferred",
         ["[^1] and [^1]", "[^1]: code", "[^1]: Unreferred"], []),
        ("one[^1]\n\n[^1]:\n", [f"one{SIGN}"], ["<br>"]),
        ("one[^1]\n\n[^1]: See[^2]\n[^2]: Below", [f"one{SIGN}", "[^2]: Below"], ["See\\[^2]"]),
        ("one[^Ab] two[^aB]\n\n[^AB]: First\n\n[^ab]: Second", [f"one{SIGN} two{SIGN}", "[^ab]: Second"],
         ["First", "First"]),
        ("one^[See *Smith* [a\\]] and `]`] two^[*Jones*].", [f"one{SIGN} two{SIGN}."],
         ["See _Smith_ \\[a]] and `]`", "_Jones_"]),
        ("one^[in ^[it] [^1]] ^[](x) x^[y](http://z) ^[ ] \\^[a] ^[b\n\n[^1]: ^[c]",
         [f"one{SIGN} ^ x^y ^[ ] ^[a] ^[b", "[^1]: ^[c]"], ["in ^\\[it] \\[^1]"]),
        ("text\n[^1]: no line of the text[^1]", ["text", "[^1]: no line of the text[^1]"], []),
    ],
)  # fmt: skip
def test_footnotes_of_markdown(source, lines, notes):
    found, said = read(from_markdown(source))
    assert [line for line in found if line] == lines
    assert said == notes


GOOGLE = (
    '<p><span>one</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup><span> two</span></p><hr>'
    '<div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> See </span><span style="font-style:italic">Smith</span></p>'
    "</div>"
)
WORD = (
    '<p class=MsoNormal>one<a style=\'mso-footnote-id:ftn1\' href="#_ftn1" name="_ftnref1" title=""><span '
    "class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]><span>[1]</span>"
    "<![endif]></span></span></a> two</p><div style='mso-element:footnote-list'><br clear=all><hr align=left size=1>"
    "<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' "
    'href="#_ftnref1" name="_ftn1"><span class=MsoFootnoteReference>[1]</span></a> See <i>Smith</i></p></div></div>'
)
WIKI = (
    '<p>one<sup id="cite_ref-a_1-0" class="reference"><a href="#cite_note-a-1"><span class="cite-bracket">&#91;</span>1'
    '<span class="cite-bracket">&#93;</span></a></sup> two</p><ol class="references"><li id="cite_note-a-1"><span '
    'class="mw-cite-backlink"><b><a href="#cite_ref-a_1-0">^</a></b></span> <span class="reference-text">See '
    "<i>Smith</i></span></li></ol>"
)
GITHUB = (
    '<p>one<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref>1</a></sup> two</p><section '
    'data-footnotes class="footnotes"><h2 id="footnote-label" class="sr-only">Footnotes</h2><ol><li '
    'id="user-content-fn-1"><p>See <em>Smith</em> <a href="#user-content-fnref-1" data-footnote-backref>↩</a></p></li>'
    "</ol></section>"
)
PANDOC = (
    '<p>one<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a> two</p><section id='
    '"footnotes" class="footnotes" role="doc-endnotes"><hr /><ol><li id="fn1"><p>See <em>Smith</em><a href="#fnref1" '
    'class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>'
)


@pytest.mark.parametrize(
    "source", [GOOGLE, WORD, WIKI, GITHUB, PANDOC], ids=["google", "word", "wiki", "github", "pandoc"]
)
def test_footnotes_of_html_of_other_programs(source):
    lines, notes = read(from_html(source))
    assert [line for line in lines if line] == [f"one{SIGN} two"]
    assert notes == ["See _Smith_"]


def test_several_paragraphs_and_several_references_of_a_note_in_html():
    source = (
        '<p>one<a id="r1" href="#n">1</a> two<a id="r2" href="#n">1</a> three<a id="r3" href="#m">*</a></p><ol>'
        '<li id="n"><p>First</p><p>Second <a href="#r1">a</a> <a href="#r2">b</a></p></li>'
        '<li id="m">Other <a href="#r3">^</a></li></ol><p>end</p>'
    )
    lines, notes = read(from_html(source))
    assert lines == [f"one{SIGN} two{SIGN} three{SIGN}", "end"]
    assert notes == ["First\\\nSecond", "First\\\nSecond", "Other"]


@pytest.mark.parametrize(
    ("source", "pictures"),
    [
        (f"one[^1] two[^1]\n\n[^1]: See ![a bed]({PICTURE}) here", 1),
        (f"one^[See ![a bed]({PICTURE}) here] two", 1),
        (f"one\n\n[^1]: See ![a bed]({PICTURE}) here", 0),
        (f'one[^1] two\n\n[^1]: See\n\n    <img src="{PICTURE}" alt="a bed">\n\n    here', 1),
    ],
)
def test_a_picture_in_a_note_of_markdown_stands_behind_the_number_of_the_note(source, pictures):
    told: list[str] = []
    spans = from_markdown(source, change=told.append)
    found = [at for at, span in enumerate(spans) if span.embed == {"image": PICTURE}]
    assert [spans[at].attributes for at in found] == [{"alt": "a bed"}]
    assert sum(is_footnote(spans[at - 1].embed) for at in found) == pictures
    assert told == ["images in notes"]


def test_a_note_of_html_keeps_its_pictures_and_the_numbers_of_its_items():
    source = (
        '<p>one<a id="r1" href="#n">1</a> two<a id="r2" href="#n">1</a></p><ol><li id="n"><p>See '
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a bed"></p><ol start="5"><li>five</li><li>six</li></ol>'
        '<p><a href="#r1">a</a> <a href="#r2">b</a></p></li></ol>'
    )
    told: list[str] = []
    spans = from_html(source, lambda _data, _type: PICTURE, change=told.append)
    _, notes = read(spans)
    assert notes == ["See<br>5. five<br>6. six"] * 2
    assert [span.embed and next(iter(span.embed)) for span in spans[:5]] == [
        None, "footnote", "image", None, "footnote"
    ]  # fmt: skip
    assert told == ["images in notes"]


def test_a_note_to_which_only_another_note_refers_stays_in_the_text():
    source = (
        '<p>one<a id="r1" href="#n">1</a></p><ol><li id="n">First<a id="r2" href="#m">2</a> <a href="#r1">^</a></li>'
        '<li id="m">Second <a href="#r2">^</a></li></ol>'
    )
    lines, notes = read(from_html(source))
    assert lines == [f"one{SIGN}", "Second ^"]
    assert [note[:5] for note in notes] == ["First"]


@pytest.mark.parametrize(
    "source",
    [
        '<ul><li><a id="toc1" href="#s1">1</a></li></ul><h2 id="s1"><a href="#toc1">Section</a></h2><p>text</p>',
        '<p><a id="a" href="#b">See the section</a></p><p id="b">There <a href="#a">back</a></p>',
        '<p><a id="a" href="#b">1</a></p><p id="b">nothing leads back</p>',
        '<p id="b">above <a href="#a">back</a></p><p>one<a id="a" href="#b">1</a></p>',
        '<p>one<a href="#b">1</a></p><p id="b">no place <a href="#a">back</a></p>',
        '<p>one<a id="a" href="#a">1</a></p>',
    ],
)  # fmt: skip
def test_links_within_a_page_that_are_no_footnotes_stay_what_they_are(source):
    spans = from_html(source)
    assert not list(footnotes_in(spans))
    assert any(str(span.attributes.get("link", "")).startswith("#") for span in spans)


def test_what_stands_for_footnotes_in_html_and_plain_text():
    words = [Span("See "), Span("Smith", {"bold": True}), Span("\np. 7")]
    lines = [
        Line((Span("one"), Span(SIGN, embed=embed_of(words)))),
        Line((Span("שלום"), Span(SIGN, embed=embed_of([])))),
    ]
    assert to_text(lines) == "one[1]\nשלום[2]\n\n[1] See Smith\n    p. 7\n[2] \n"
    html = to_html(lines)
    assert '<p>one<sup id="fnref1"><a href="#fn1" role="doc-noteref">1</a></sup></p>' in html
    assert '<li id="fn1">See <strong>Smith</strong><br>p. 7 <a href="#fnref1" role="doc-backlink">↩</a></li>' in html


def test_a_line_that_begins_with_a_reference_and_a_colon_is_no_definition():
    lines = [Line((Span(SIGN, embed=embed_of([Span("See")])), Span(": more")))]
    assert to_markdown(lines, str) == "[^1]\\: more\n\n[^1]: See\n"
    assert read(from_markdown(to_markdown(lines, str))) == ([f"{SIGN}: more"], ["See"])


def test_words_behind_which_a_footnote_or_a_link_stands_are_no_part_of_it():
    lines = [
        Line((Span("x^"), Span(SIGN, embed=embed_of([Span("See")])))),
        Line((Span("y^"), Span("z", {"link": "https://example.org"}))),
    ]
    assert spans_from(normal_lines(lines)) == from_markdown(to_markdown(lines, str))


def test_a_long_note_to_which_a_text_refers_again_and_again_fills_no_memory():
    words = "x" * (MOST_REPEATED // 2)
    lines, notes = read(from_markdown(f"{'a[^1]' * 5}\n\n[^1]: {words}"))
    assert lines == [f"{f'a{SIGN}' * 3}{'a[^1]' * 2}"]
    assert len(notes) == 3
    signs = "".join(f'a<a id="r{at}" href="#n">1</a>' for at in range(5))
    back = "".join(f'<a href="#r{at}">↩</a>' for at in range(5))
    lines, notes = read(from_html(f'<p>{signs}</p><p id="n">{words}{back}</p>'))
    assert lines == [f"{f'a{SIGN}' * 3}a1a1"]
    assert len(notes) == 3
