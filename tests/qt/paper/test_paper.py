"""A document as it is set on paper."""

from __future__ import annotations

import io
import re
import weakref
import zipfile
import zlib
from itertools import product
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.shared import Inches
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QFont, QPdfWriter, QTextDocument, QTextFormat, QTextTable

from cowrite.app.files.export import export_lines
from cowrite.app.paper.open_document import open_document
from cowrite.app.paper.pages import as_printed, keep_with_next
from cowrite.app.paper.paper import blocks, laid_out, with_plain_letters
from cowrite.bridge.file.pictures import data_url
from cowrite.convert.html.writer import to_html
from cowrite.convert.odt.reader import from_odt
from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.richtext import PAGE_BREAK, Line, Span
from helpers.counting import counted
from helpers.exported import LINES, NAME, picture


def laid(*lines: Line, size: tuple[int, int] = (2, 2)) -> QTextDocument:
    return laid_out(to_html(list(lines), lambda name: data_url(picture(name, *size))))


def picture_size(shown: QTextDocument) -> tuple[float, float]:
    format = shown.begin().begin().fragment().charFormat().toImageFormat()
    return round(format.width()), round(format.height())


def test_what_is_set_for_paper_goes_on_the_thread_that_has_set_it_and_waits_for_no_garbage(qapp):
    shown = laid(*LINES)
    gone = weakref.ref(shown)
    del shown
    assert gone() is None


def test_on_paper_a_picture_is_as_large_as_it_is_or_as_the_page(qapp, monkeypatch):
    monkeypatch.setenv("LC_PAPER", "de_DE.UTF-8")
    assert picture_size(laid(*LINES, size=(100, 50))) == (100, 50)
    assert picture_size(laid(*LINES, size=(1284, 600))) == (642, 300)
    assert picture_size(laid(*LINES, size=(20, 1942))) == (10, 971)


@pytest.mark.parametrize(
    ("paper", "points", "millimetres"),
    [("de_DE.UTF-8", b"595 842", (210, 297)), ("en_US.UTF-8", b"612 792", (216, 279))],
)
def test_pages_are_as_large_as_they_are_where_one_is(qapp, tmp_path, monkeypatch, paper, points, millimetres):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_PAPER", paper)
    path = tmp_path / "draft.pdf"
    export_lines(LINES, picture, "pdf", path, "Title")
    assert b"/MediaBox [0 0 " + points in re.sub(rb"\.\d+", b"", path.read_bytes())
    export_lines(LINES, picture, "docx", tmp_path / "draft.docx", "Title")
    section = docx.Document(str(tmp_path / "draft.docx")).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == millimetres
    assert round((section.page_width - section.left_margin - section.right_margin) / Inches(1), 2) == 6
    half = Line((Span("", {"width": 50}, {"image": NAME}),))
    assert picture_size(laid(half, size=(100, 50))) == (50, 25)


def test_on_paper_there_is_no_more_room_below_a_picture_than_below_words(qapp):
    shown = laid(Line((Span("", {}, {"image": NAME}),)), Line((Span("below"),)), size=(500, 300))
    below = shown.documentLayout().blockBoundingRect(shown.findBlockByNumber(1))
    assert 300 <= below.top() < 330


def test_on_paper_an_empty_line_and_code_are_as_many_lines_as_they_are(qapp):
    code = {"code-block": True}
    shown = laid(Line((Span("one"),)), Line(()), Line((Span("x"),), code), Line((Span("y"),), code))
    assert [each.strip() for each in shown.toPlainText().split("\n")] == ["one", "", "x", "y"]


def test_on_paper_signs_are_letters_and_no_pictures_of_a_font_of_emoji(qapp):
    before = qapp.font()
    with_emoji = QFont(before)
    with_emoji.setFamilies(["Noto Sans", "Noto Color Emoji"])
    qapp.setFont(with_emoji)
    try:
        assert laid_out("<p>☑ done</p>").defaultFont().families() == ["Noto Sans"]
    finally:
        qapp.setFont(before)


def test_on_paper_indents_and_marked_text_are_seen(qapp):
    shown = laid(Line((Span("in"),), {"indent": 2}), Line((Span("marked", {"background": "#ffff00"}),)))
    last = shown.lastBlock().begin().fragment().charFormat()
    assert shown.firstBlock().blockFormat().indent() * shown.indentWidth() == 96
    assert last.background().color().name() == "#ffff00"


def test_letters_have_their_fonts_and_sizes_on_paper_and_in_open_document(qapp, tmp_path):
    large = Span("twice", {"size": "2em", "font": "serif"})
    lines = [
        Line((large, Span("usual"))),
        Line((large, Span("usual heading")), {"header": 1}),
        Line((Span("x", {"size": [], "font": {}}),)),
    ]
    note = Span("\ufffc", embed=embed_of([Span("small", {"size": "50%"})]))
    noted = laid_out(to_html(with_plain_letters([Line((note,))])))
    *_, below = blocks(noted)
    assert below.begin().fragment().charFormat().fontPointSize() == 5.5
    shown = laid_out(to_html(with_plain_letters(lines)))
    first, heading, _ = blocks(shown)
    assert first.begin().fragment().charFormat().fontPointSize() == 22
    assert heading.begin().fragment().charFormat().fontPointSize() == 44

    path = tmp_path / "draft.odt"
    export_lines(lines, picture, "odt", path, "Title")
    with zipfile.ZipFile(path) as file:
        content = file.read("content.xml").decode()
    assert {'fo:font-size="22pt"', 'fo:font-size="44pt"', 'fo:font-family="Georgia"'} <= set(
        re.findall(r'fo:font-(?:size|family)="[^"]*"', content)
    )
    spans = from_odt(path.read_bytes(), path, lambda *_: NAME).spans
    looks = [(span.text.strip(), span.attributes) for span in spans if span.text.strip()]
    assert looks == [
        ("twice", {"font": "serif", "size": "22pt"}), ("usual", {}),
        ("twice", {"font": "serif", "size": "44pt"}), ("usual heading", {}), ("x", {}),
    ]  # fmt: skip
    export_lines(lines, picture, "html", path.with_suffix(".html"), "Title")
    assert "font-family:serif;font-size:2em" in path.with_suffix(".html").read_text()


def test_pages_are_set_by_parts_in_between_which_the_window_comes(qapp, tmp_path, monkeypatch):
    parts = counted(monkeypatch, QAbstractTextDocumentLayout, "blockBoundingRect")
    as_printed(laid(*[Line((Span("words"),))] * 5), QPdfWriter(str(tmp_path / "pages.pdf")))
    assert len(parts) == 5


def test_footnotes_stand_at_the_end_on_paper_and_are_notes_of_an_open_document(qapp, tmp_path):
    notes = ((Span("See "), Span("Smith & Son", {"italic": True}), Span("\u2028p. 7")), (Span("Last <one>"),), ())
    spans = [each for words in notes for each in (Span("word"), Span("", embed=embed_of(words)))]
    lines = [Line((*spans, Span(" end."))), Line((Span("last"),))]
    shown = laid(*lines)
    assert shown.firstBlock().text() == "word1word2word3 end."
    assert "See Smith & Son\np. 7\nLast <one>" in shown.toPlainText()
    assert "#fn" not in shown.toHtml()
    export_lines(lines, picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        body = ET.fromstring(file.read("content.xml").decode())
    found = body.findall(".//{*}note")
    assert [note.findtext("{*}note-citation") for note in found] == ["1", "2", "3"]
    assert [" ".join(note.find("{*}note-body").itertext()).split() for note in found] == [
        ["See", "Smith", "&", "Son", "p.", "7"], ["Last", "<one>"], [],
    ]  # fmt: skip
    assert [len(body.findall(f".//{{*}}{name}")) for name in ("list", "note-body")] == [0, 3]
    assert not re.search("[\U0010fff0-\U0010fff2]", "".join(body.itertext()))


def test_on_paper_each_line_is_read_in_its_own_direction_and_stands_on_its_side(qapp):
    quote = {"blockquote": True}
    texts = (
        ("שלום", quote),
        ("said", quote),
        ("שלום", {"align": "left"}),
        ("א = 1", {"code-block": True}),
        ("日本", {}),
        ("as wide as the page", {"align": "justify"}),
    )
    lines = [Line((Span(text),), block) for text, block in texts]
    shown = laid_out(to_html(lines, states_directions=True))
    blocks = [shown.findBlockByNumber(number) for number in range(shown.blockCount())]
    assert [block.textDirection().name for block in blocks] == [
        "RightToLeft", "LeftToRight", "RightToLeft", "LeftToRight", "LeftToRight", "LeftToRight",
    ]  # fmt: skip
    assert blocks[-1].blockFormat().alignment() == Qt.AlignmentFlag.AlignJustify
    shown.setTextWidth(600)
    assert shown.documentLayout().blockBoundingRect(blocks[2]).isValid()  # which has it laid out
    assert blocks[2].layout().lineAt(0).naturalTextRect().left() < 20
    with zipfile.ZipFile(io.BytesIO(open_document(shown))) as file:
        content = file.read("content.xml").decode()
    assert 'fo:text-align="left"' in content
    assert 'fo:text-align="justify"' in content


def test_on_paper_an_empty_line_is_one_whatever_it_is(qapp):
    kinds = ({"header": 2}, {"list": "bullet"}, {"list": "ordered", "indent": 1}, {"blockquote": True}, {})
    lines = [Line((), kind) for kind in kinds]
    code = [Line((Span(text),), {"code-block": True}) for text in ("x", "", "y", "")]
    shown = laid(*lines, *code)
    assert shown.toPlainText() == "\n\n\n\n\nx\n\ny\n"
    assert shown.firstBlock().blockFormat().headingLevel() == 2
    assert shown.findBlockByNumber(2).textList() is not None


def test_on_paper_items_show_their_marks_however_deep_they_begin(qapp):
    kinds = [("bullet", 0), ("bullet", 4), ("ordered", 3), ("unchecked", 2), ("ordered", 3)]
    shown = laid(*(Line((Span("words"),), {"list": kind, "indent": depth}) for kind, depth in kinds))
    hidden = [block.blockFormat().hasProperty(QTextFormat.Property.ListStyle) for block in blocks(shown)]
    assert hidden == [False, False, False, True, False]  # a box stands in the place of a mark


def test_blanks_keep_their_width_on_paper_and_in_open_document(qapp, tmp_path):
    words = ["\u3000\u3000\u7b2c\u4e00", "1\u202f000\u2009km", "a\u2003\u2003b\u2002"]
    lines = [Line((Span(each),)) for each in words]
    assert laid(*lines).toPlainText().split("\n") == words

    export_lines(lines, picture, "odt", tmp_path / "x.odt", "")
    found = from_odt((tmp_path / "x.odt").read_bytes(), tmp_path / "x.odt")
    assert "".join(span.text for span in found.spans) == "\n".join(words) + "\n"


def test_a_page_begins_on_paper_with_the_line_that_says_so(qapp):
    page, code = {"page-break": True}, {"code-block": True}
    kinds = [page, page, {"header": 1, **page}, {"list": "bullet"}, {"list": "bullet", **page}, {"list": "bullet"}]
    shown = laid(*(Line((Span("x"),), kind) for kind in (*kinds, code, {**code, **page}, code)))
    before = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
    assert [block.blockFormat().pageBreakPolicy() == before for block in blocks(shown)] == [
        *(False, True, True, False, True, False),
        *(False, True, False),
    ]
    assert shown.toPlainText() == "\n".join("x" * 9)


def test_a_picture_that_is_not_here_and_has_no_size_keeps_no_document_from_being_laid_out(qapp):
    shown = laid_out('<p><img src=""> words</p>')

    assert "words" in shown.toPlainText()


def test_on_paper_columns_are_as_wide_as_somebody_has_made_them(qapp):
    looks = ({"table": "1"}, {"table": "1", "column": 600}, {"table": "2"}, {"table": "2", "column": 200})
    shown = laid_out(to_html([Line((Span("a"),), look) for look in looks]))
    table = next(frame for frame in shown.rootFrame().childFrames() if isinstance(frame, QTextTable))
    widths = [each.rawValue() for each in table.format().toTableFormat().columnWidthConstraints()]
    assert widths[1] == 60
    assert table.format().toTableFormat().width().rawValue() == 100


def test_on_paper_a_table_is_as_wide_as_the_text_as_on_the_page(qapp):
    shown = laid_out(to_html([Line((Span("a"),), {"table": "1"}), Line((Span("b"),))]))
    table = next(frame for frame in shown.rootFrame().childFrames() if isinstance(frame, QTextTable))
    assert table.format().toTableFormat().width().rawValue() == 100


@pytest.mark.parametrize("leads", ["table", "heading", "list"])
def test_on_paper_a_heading_and_the_line_above_a_table_or_list_stand_on_the_page_of_what_follows(qapp, leads):
    writer = QPdfWriter(QBuffer())
    below = Line((Span("below " * 100),), {"table": {"table": "1"}, "list": {"list": "bullet"}}.get(leads, {}))
    lead = Line((Span("lead:" if leads == "list" else "lead"),), {"header": 2} if leads == "heading" else {})
    for above, size in product(range(22, 30), (1, 2, 3, 5)):
        first = Line((Span("first"),), {"header": size})
        shown = laid(first, *[Line((Span("above"),))] * above, lead, below)
        keep_with_next(shown, writer)
        printed = as_printed(shown, writer)
        page = printed.pageSize().height()
        tops = {
            each.text()[:5].rstrip(":"): printed.documentLayout().blockBoundingRect(each).top()
            + each.layout().lineAt(0).y()
            for each in blocks(printed)
        }
        assert tops["lead"] // page == tops["below"] // page, (above, size)
        assert tops["lead"] > page or tops["above"] < page * 0.9


def test_pages_are_worked_out_as_large_as_they_are_printed(qapp):
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageMargins(QMarginsF())  # as for a file
    shown = laid(*[Line((Span("words " * 100),))] * 100)
    worked_out = as_printed(shown, writer)
    shown.print_(writer)
    assert worked_out.pageSize() == QSizeF(writer.width(), writer.height())
    assert bytes(buffer.data()).count(b"/Type /Page\n") == worked_out.pageCount()


def test_pages_are_numbered_on_paper_or_not_and_hold_the_same(qapp, tmp_path):
    drawn = {}
    for numbered in (True, False):
        export_lines([Line((Span("words " * 2000),))], picture, "pdf", tmp_path / "a", "", numbers_pages=numbered)
        written = (tmp_path / "a").read_bytes()
        pages = [
            zlib.decompress(each)
            for each in re.findall(rb"/FlateDecode[^>]*>>\s*stream\r?\n(.*?)endstream", written, re.DOTALL)
        ]
        drawn[numbered] = [each.count(b" Tj") + each.count(b" TJ") for each in pages if b"BT" in each]
    assert len(drawn[True]) == len(drawn[False]) > 2
    assert [with_number - without for with_number, without in zip(drawn[True], drawn[False], strict=True)] == [1] * len(
        drawn[True]
    )


def test_a_heading_before_a_page_break_stays_on_its_page(qapp):
    shown = laid(
        Line((Span("above"),)), Line((Span("heading"),), {"header": 2}), Line((Span("below"),), {PAGE_BREAK: True})
    )
    writer = QPdfWriter(QBuffer())
    keep_with_next(shown, writer)
    assert as_printed(shown, writer).pageCount() == 2
