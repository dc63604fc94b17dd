"""Tables, code and bullets as they stand on paper and in OpenDocument."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import (
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
    QTextListFormat,
    QTextTable,
)

from cowrite.app.files.export import export_lines
from cowrite.app.files.imports import read
from cowrite.app.paper.pages import Pages, as_printed, keep_with_next
from cowrite.app.paper.paper import blocks, laid_out
from cowrite.convert.html.writer import to_html
from cowrite.convert.markdown.reader import from_markdown
from cowrite.core.text.richtext import lines_of
from helpers.exported import picture

LONG = "Ask the neighbours on both sides whether they mind the noise on Sundays and on the evenings before"


def laid(markdown: str) -> QTextDocument:
    return laid_out(to_html(list(lines_of(from_markdown(markdown)))))


def table(rows: int, above: int = 0) -> str:
    body = "".join(f"| {number} | {LONG if number % 3 else 'Seeds'} | Ada |\n" for number in range(rows))
    return "A line.\n\n" * above + f"| No. | What | Who |\n|---|---|---|\n{body}\nThe end.\n"


def rows_by_page(shown: QTextDocument, device: QPdfWriter) -> list[set[int]]:
    """The pages on which words of each row stand."""
    copy = as_printed(shown, device)
    height, layout = copy.pageSize().height(), copy.documentLayout()
    (found,) = (frame for frame in copy.rootFrame().childFrames() if isinstance(frame, QTextTable))
    pages: list[set[int]] = []
    for row in range(found.rows()):
        pages.append(set())
        for column in range(found.columns()):
            block = found.cellAt(row, column).firstCursorPosition().block()
            top = layout.blockBoundingRect(block).top()
            lines = (block.layout().lineAt(number) for number in range(block.layout().lineCount()))
            pages[-1] |= {int((top + line.y()) // height) for line in lines}
    return pages


@pytest.fixture
def device(tmp_path: Path) -> QPdfWriter:
    writer = QPdfWriter(str(tmp_path / "pages.pdf"))
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF()))
    return writer


@pytest.mark.parametrize("above", range(0, 9, 2))
def test_no_page_ends_within_a_row(qapp, device, above):
    shown = laid(table(80, above))
    divided = sum(len(pages) > 1 for pages in rows_by_page(shown, device))
    keep_with_next(shown, device)
    pages = rows_by_page(shown, device)
    assert [row for row, on in enumerate(pages) if len(on) > 1] == []
    assert max(pages[-1]) >= 2
    assert divided or above, "nothing had to be done"


def test_a_row_that_is_nearly_as_high_as_a_page_is_divided_and_leaves_no_page_half_empty(qapp, device):
    shown = laid(table(8) + f"\n| a | b |\n|---|---|\n| x | {LONG * 30} |\n")
    before = as_printed(shown, device).pageCount()
    keep_with_next(shown, device)
    assert as_printed(shown, device).pageCount() == before


def test_the_rows_of_a_table_become_higher_in_one_step(qapp, device):
    shown = laid(table(80))
    changed: list[bool] = []
    shown.contentsChanged.connect(lambda: changed.append(True))
    keep_with_next(shown, device)
    assert len(changed) == 1


@pytest.mark.parametrize("rows", [["Seeds"] * 90, [LONG * 60]])
def test_a_table_that_goes_on_has_a_line_below_it_at_the_foot_of_each_page(qapp, device, rows):
    body = "".join(f"| x | {each} |\n" for each in rows)
    pages = Pages(laid(f"| a | b |\n|---|---|\n{body}"), device, numbered=False)
    assert pages.count > 1
    for number in range(1, pages.count + 1):
        shown = painted(pages, number, 2)
        size = shown.size()
        edge = next(x for x in range(size.width()) if shown.pixelColor(x, size.height() // 8).lightness() < 220)
        foot = max(y for y in range(size.height()) if shown.pixelColor(edge, y).lightness() < 220)
        below = [shown.pixelColor(x, foot).lightness() < 220 for x in range(edge, size.width() - edge)]
        assert sum(below) > 0.99 * len(below), number


def test_on_paper_a_long_line_of_code_goes_on_in_the_next_line(qapp):
    shown = laid("```\n" + "word " * 60 + "\n" + "x" * 400 + "\n```\n")
    shown.setTextWidth(600)
    assert shown.documentLayout().documentSize().width() <= 600
    assert min(block.layout().lineCount() for block in blocks(shown)) > 1


def test_on_paper_the_bullets_of_each_level_are_those_of_the_page(qapp):
    shown = laid("- a\n  - b\n    - c\n      - d\n")
    styles = [block.textList().format().style() for block in blocks(shown)]
    kind = QTextListFormat.Style
    assert styles == [kind.ListDisc, kind.ListCircle, kind.ListSquare, kind.ListDisc]


def content(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read("content.xml").decode()


def test_in_open_document_columns_are_as_wide_as_they_need_and_the_head_stands_on_each_page(qapp, tmp_path):
    path = tmp_path / "draft.odt"
    export_lines(list(lines_of(from_markdown(table(3)))), picture, "odt", path, "Title")
    xml = content(path)
    number, what, who = (int(width) for width in re.findall(r'rel-column-width="(\d+)\*"', xml))
    assert what > 3 * who > 3 * number * 0.5
    assert number + what + who in range(997, 1004)
    (head,) = re.findall(r"<table:table-header-rows>(.*?)</table:table-header-rows>", xml)
    assert head.count("<table:table-row>") == 1
    assert re.findall(r">(No\.|What|Who|Seeds)<", head) == ["No.", "What", "Who"]
    # Nobody has made them so wide, and so it is when the file comes back.
    assert not any("column" in span.attributes for span in read(path).spans)


def test_in_open_document_each_table_has_widths_and_a_head_of_its_own(qapp, tmp_path):
    path = tmp_path / "draft.odt"
    two = "<table><tr><td>a</td><td>bb bb bb bb</td></tr></table><p>x</p>"
    body = f"{two}<table dir='rtl'><tr><th>{LONG}</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"
    page = tmp_path / "page.html"
    page.write_text(body, encoding="utf-8")
    export_lines(list(lines_of(read(page).spans)), picture, "odt", path, "Title")
    xml = content(path)
    assert xml.count("<table:table-header-rows>") == 1
    assert xml.index("<table:table-header-rows>") > xml.index("bb bb")
    stated = dict(re.findall(r'style:name="(Table\d+\.\d+)".{1,80}rel-column-width="(\d+)\*"', xml))
    first, second, long, short = (
        int(stated[name]) for name in re.findall(r'<table:table-column table:style-name="([^"]*)"', xml)
    )
    assert first < second
    assert long > short > 0


def painted(pages: Pages, number: int, dots: int) -> QImage:
    """A page, so many dots for a device-independent pixel."""
    shown = QImage((pages.size / pages.scale * dots).toSize(), QImage.Format.Format_RGB32)
    shown.fill(Qt.GlobalColor.white)
    painter = QPainter(shown)
    painter.scale(dots / pages.scale, dots / pages.scale)
    pages.paint(painter, number)
    painter.end()
    return shown


def test_on_paper_a_small_bullet_stands_well_before_the_words_and_none_before_a_box(qapp, device):
    bullet, words, *others = parts_of(painted(Pages(laid("- il\n"), device, numbered=False), 1, 4))
    assert bullet.stop - bullet.start < words.start - bullet.stop
    assert len(others) == 1
    assert len(parts_of(painted(Pages(laid("- [ ] il\n"), device, numbered=False), 1, 4))) == 3


def is_dark(shown: QImage, x: int, y: int) -> bool:
    return shown.pixelColor(x, y).lightness() < 160


def parts_of(shown: QImage) -> list[range]:
    """What stands beside each other in the upper part of a page."""
    found: list[range] = []
    for x in range(shown.width()):
        if any(is_dark(shown, x, y) for y in range(shown.height() // 6)):
            first = found.pop().start if found and found[-1].stop == x else x
            found.append(range(first, x + 1))
    return found
