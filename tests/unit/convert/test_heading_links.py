"""Links to headings in files: they lead there in what is written, and in what is read."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from cowrite.convert.docx.reader import from_docx
from cowrite.convert.docx.writer import to_docx
from cowrite.convert.heading_links import with_outline_links
from cowrite.convert.html.reader import from_html
from cowrite.convert.html.writer import to_html
from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.markdown.writer import to_markdown
from cowrite.convert.normal import spans_from
from cowrite.convert.odt.reader import from_odt
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.footnotes import embed_of, footnotes_in
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, Line, Span, lines_of
from cowrite.core.writing.heading_links import contents
from cowrite.core.writing.headings import headings
from helpers.open_documents import odt, p

LINKED = [
    Line((Span("See "), Span("below", {"link": "#what-we-need"}), Span(" or "), Span("away", {"link": "#gone"}))),
    Line((Span("What for"),), {"header": 1}),
    Line((Span("What "), Span("we need", {"italic": True})), {"header": 2}),
    Line((Span("Words"),)),
]


def links(spans: list[Span]) -> dict[str, str]:
    return {span.text: span.attributes["link"] for span in spans if "link" in span.attributes}


def test_html_has_a_place_for_each_heading_to_which_a_link_leads_and_for_no_other() -> None:
    html = to_html(LINKED)
    assert '<h2 id="what-we-need">' in html
    assert "<h1>What for" in html
    assert links(from_html(html)) == {"below": "#what-we-need", "away": "#gone"}


@pytest.mark.parametrize(
    "heading",
    [
        '<h2 id="h.1">What we need</h2>',
        '<h2><a name="h.1"></a>What we need</h2>',
        '<a id="h.1"></a><h2>What we need</h2>',
    ],
)
def test_a_page_leads_to_its_headings_by_whatever_name_it_has_for_them(heading: str) -> None:
    page = f'<p><a href="#h.1">below</a> <a href="#p">beside</a></p>{heading}<p id="p">Words</p>'
    assert links(from_html(page)) == {"below": "#what-we-need", "beside": "#p"}


def test_markdown_leads_to_headings_by_the_names_that_github_gives_them() -> None:
    text = to_markdown(LINKED, lambda name: name)
    assert "[below](#what-we-need)" in text
    assert links(from_markdown(text)) == {"below": "#what-we-need", "away": "#gone"}


def test_word_has_a_bookmark_at_the_heading_and_comes_back_with_the_link() -> None:
    note = embed_of([Span("there", {"link": "#what-we-need"})])
    data = to_docx([*LINKED, Line((Span(EMBED_CHARACTER, {}, note),))], lambda _name: None)
    (place,) = re.findall(
        r'w:bookmarkStart [^>]*w:name="([^"]*)"', ZipFile(BytesIO(data)).read("word/document.xml").decode()
    )
    assert f'w:anchor="{place}"' in ZipFile(BytesIO(data)).read("word/footnotes.xml").decode()
    xml = ZipFile(BytesIO(data)).read("word/document.xml").decode()
    assert xml.count("w:bookmarkStart") == xml.count("w:bookmarkEnd") == 1
    assert xml.count("w:anchor=") == 1
    spans = from_docx(data, Path("a.docx")).spans
    assert links(spans)["below"] == "#what-we-need"
    assert [words for _, words in footnotes_in(spans)] == [(Span("there", {"link": "#what-we-need"}),)]
    assert [line.attributes.get("header") for line in lines_of(spans)] == [None, 1, 2, None, None]


@pytest.mark.parametrize("is_field", [False, True])
def test_a_link_of_words_table_of_contents_leads_to_its_heading_and_one_to_another_place_is_text(
    is_field: bool,
) -> None:
    word = Word()
    for place, words in (("_Toc1", "What we need"), ("_Ref2", "elsewhere")):
        paragraph = word.add_paragraph()
        if is_field:
            for kind, text in (("begin", ""), ("", f' HYPERLINK \\l "{place}" '), ("separate", "")):
                run = paragraph.add_run()._r
                part = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    part.set(qn("w:fldCharType"), kind)
                part.text = text or None
                run.append(part)
            paragraph.add_run(words)
            end = OxmlElement("w:fldChar")
            end.set(qn("w:fldCharType"), "end")
            paragraph.add_run()._r.append(end)
        else:
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), place)
            link.append(paragraph.add_run(words)._r)
            paragraph._p.append(link)
    for place, added in (("_Toc1", word.add_heading("What we need", 1)), ("_Ref2", word.add_paragraph("Words"))):
        start = OxmlElement("w:bookmarkStart")
        start.set(qn("w:id"), "1")
        start.set(qn("w:name"), place)
        added._p.insert(1, start)
    stream = BytesIO()
    word.save(stream)
    assert links(from_docx(stream.getvalue(), Path("a.docx")).spans) == {"What we need": "#what-we-need"}


def test_a_heading_of_which_words_are_suggested_to_go_is_called_by_those_that_stay() -> None:
    gone = {DELETION: "change:1"}
    lines = [
        Line((Span("below", {"link": "#what-we-need"}),)),
        Line((Span("What "), Span("else ", gone), Span("we need")), {"header": 1}),
    ]
    data = to_docx(lines, lambda _name: None, suggested={"change:1": Authorship(Author("Bo"), 0)})
    assert ZipFile(BytesIO(data)).read("word/document.xml").count(b"w:anchor=") == 1
    assert links(from_docx(data, Path("a.docx")).spans) == {"below": "#what-we-need"}


def test_a_long_heading_is_called_by_as_many_words_as_a_list_of_headings_has() -> None:
    lines = [Line((Span("what for " * 40),), {"header": 1})]
    assert '<h1 id="' in to_html([*contents(headings(spans_from(lines))), *lines])


def test_opendocument_leads_to_a_heading_by_its_words() -> None:
    assert links(list(with_outline_links(LINKED)[0].spans)) == {"below": "#What we need|outline", "away": "#gone"}


def test_a_link_in_an_opendocument_leads_to_its_heading_by_bookmark_and_by_outline() -> None:
    def leading(to: str, words: str) -> str:
        return f'<text:a xlink:href="{to}">{words}</text:a>'

    text = (
        p(
            leading("#mark", "one")
            + leading("#1.2.What we need|outline", "two")
            + leading("#What%20we%20need%7Coutline", "three")
        )
        + p(leading("#other", "four") + leading("#3.%20Costs%7Coutline", "five"))
        + '<text:h text:outline-level="2"><text:bookmark-start text:name="mark"/>What we need</text:h>'
        + '<text:h text:outline-level="2">3. Costs</text:h>'
    )
    found = links(from_odt(odt(text), Path("a.odt")).spans)
    assert found == {"onetwothree": "#what-we-need", "five": "#3-costs"}
