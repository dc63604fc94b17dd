"""Tables of HTML: which are tables, which only lay out a page, and what their cells hold."""

from __future__ import annotations

import pytest

from cowrite.convert.html.reader import from_html
from cowrite.convert.html.writer import to_html
from cowrite.core.text.richtext import SOFT_BREAK, Line, Span, lines_of
from cowrite.core.text.table import MOST_CELLS, MOST_COLUMNS, Table, row_id, with_tables

BOLD = {"bold": True}


def text(line: Line) -> str:
    """The words of a line, `/` for a soft break, and asterisks around what is bold."""
    spans = (f"*{span.text}*" if span.attributes.get("bold") else span.text for span in line.spans)
    return "".join(spans).replace(SOFT_BREAK, "/")


def read(source: str) -> list[list[str] | str]:
    """The lines of HTML; the rows of a table, with `|` between the cells."""
    return [
        ["|".join(map(text, row)) for row in part.rows] if isinstance(part, Table) else text(part)
        for part in with_tables(lines_of(from_html(source)))
    ]


EXCEL = """<table border=0 cellspacing=0><!--StartFragment--><col width=64>
 <tr height=20><td height=20>a</td><td align=right>1</td></tr><!--EndFragment--></table>"""
SHEETS = """<google-sheets-html-origin><table cellspacing="0" border="1"><colgroup><col width="100"/></colgroup><tbody>
 <tr><td style="font-weight:bold">a</td></tr><tr><td>b<br>c</td></tr></tbody></table>"""
CALC = """<table cellspacing="0" border="0"><colgroup width="85"></colgroup>
 <tr><td height="17">a</td><td sdval="1">1</td></tr></table>"""
NUMBERS = """<table cellspacing="0" cellpadding="0">
 <tr><td style="border-style: solid; border-width: 1.0px">a</td><td style="border-style: solid">1</td></tr>
 </table>"""
WORD = """<table class=MsoTableGrid border=1><tr><td colspan=2><p>a</p></td></tr>
 <tr><td rowspan=2><p>b</p></td><td><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>c</p></td>
 </tr><tr><td><p>d</p></td></tr>
 <![if !supportMisalignedColumns]><tr height=0><td></td><td></td></tr><![endif]></table>"""
DOCS = """<table><colgroup><col width="301"/></colgroup><tr>
 <td style="border-left:solid #000 1pt;border-right:solid #000 1pt;border-top:solid #000 1pt"><p>a</p></td>
 <td style="border-left:solid #000 1pt;border-right:solid #000 1pt;border-top:solid #000 1pt"><ul><li>b</li>
 <li>c<ol><li>d</li></ol></li></ul></td></tr></table>"""


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        pytest.param(EXCEL, ["a|1"], id="Excel"),
        pytest.param(SHEETS, ["*a*", "b/c"], id="Google Sheets"),
        pytest.param(CALC, ["a|1"], id="LibreOffice Calc"),
        pytest.param(NUMBERS, ["a|1"], id="Apple Numbers"),
        pytest.param(WORD, ["a|", "b|• c", "|d"], id="Word"),
        pytest.param(DOCS, ["a|• b/• c/a. d"], id="Google Docs"),
    ],
)
def test_what_other_programs_copy_as_a_table_is_one(source, rows):
    assert read(source) == [rows]


def test_a_table_of_data_stays_one_with_lists_and_many_paragraphs_in_its_cells():
    many = "".join(f"<p>{number}</p>" for number in range(6))
    source = f"<table><tr><th>a<th>b<tr><td><ol start=3><li>x<li>y</ol><td>{many}<tr><td><h3>c</h3><td><pre>d\ne</pre>"
    assert read(source) == [["*a*|*b*", "3. x/4. y|0/1/2/3/4/5", "*c*|d/e"]]


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><td>{}</td></tr><tr><td>{}</td></tr></table>",
        "<table><tr><td><h1>{}</h1></td><td>{}</td></tr></table>",
        "<table width=600 border=0><tr><td><img src=x></td><td>{}</td></tr><tr><td>{}</td><td></td></tr></table>",
        "<table cellpadding=0><tr><td>{}</td><td>{}</td></tr></table>",
        "<table role=presentation><tr><td>{}</td><td>{}</td></tr><tr></tr></table>",
        "<table><tr><th><table><tr><th><p>{}</p></th><th></th></tr></table></th></tr><tr><td>{}</td></tr></table>",
        "<table border=1><tr><td><h1>{}</h1><ul><li>{}</ul></td></tr></table>",
        "<table><tr><td class=linenos><pre>{}</pre></td><td><pre>{}</pre></td></tr></table>",
    ],
    ids=["column", "headings", "newsletter", "menu", "stated", "nested", "frame", "code"],
)
def test_a_table_that_lays_out_a_page_is_read_as_the_page(source):
    assert [str(part).strip("*") for part in read(source.format("one", "two"))] == ["one", "two"]


def test_a_table_of_data_within_one_that_lays_out_a_page_is_a_table():
    source = "<table><tr><td><h1>Order</h1><table border=1><tr><td>a<td>1</table></td></tr><tr><td>Bye</table>"
    assert read(source) == ["Order", ["a|1"], "Bye"]


def test_a_table_within_a_cell_is_lines_with_tabs_there():
    inner = "<table border=1><tr><td>1<td>2<tr><td>3<td>4</table>"
    assert read(f"<table border=1><tr><td>a<td>{inner}</table>") == [["a|1\t2/3\t4"]]


def test_the_names_of_columns_are_bold_whatever_a_page_has_them_look_like():
    head = '<tr><th style="font-weight:500">a<th style="font-weight:500">b'
    assert read(f'<table>{head}<tr><th style="font-weight:500">c<td>d</table>') == [["*a*|*b*", "c|d"]]


def test_a_caption_is_a_line_before_the_table_and_two_tables_stay_apart():
    table = "<table><caption>Costs</caption><tr><th>a<td>b</table>"
    assert read(table + table.replace("<caption>Costs</caption>", "")) == ["Costs", ["*a*|b"], "", ["*a*|b"]]


def test_cells_stay_in_their_columns_below_and_beside_those_that_cover_several_places():
    source = (
        "<table border=1><tr><td rowspan=2 colspan=2>a<td>b<tr><td>c<tr><td>d<td rowspan=0>e<td>f<tr><td>g<tr><td>h"
        "<td>i</table>"
    )
    assert read(source) == [["a||b", "||c", "d|e|f", "g|", "h||i"]]


@pytest.mark.parametrize(("rows", "told"), [
    ("<tr><td colspan=2>a<tr><td>b<td>c", ["merged cells"]), ("<tr><td rowspan=0>a<td>b<tr><td>c", ["merged cells"]),
    ("<tr><td>a<td>b<tr><td rowspan=2>c<td colspan=1>d", []),
])  # fmt: skip
def test_cells_that_cover_several_places_are_told(rows, told):
    changed: list[str] = []
    from_html(f"<table border=1>{rows}</table>", change=changed.append)
    assert changed == told


def test_a_cell_says_how_it_is_aligned_also_where_it_is_empty_and_its_table_does_not():
    source = "<table align=right border=1><tr><td align=center></td><td dir=rtl>a</td></tr></table>"
    one, other = lines_of(from_html(source))
    assert one.attributes == {"table": one.attributes["table"], "align": "center"}
    assert other.attributes == {"table": one.attributes["table"], "direction": "rtl"}


def test_cells_that_say_that_they_cover_the_world_do_not():
    row = "<tr>" + "<td colspan=100000 rowspan=100000>x" * 3
    rows = lines_of(from_html(f"<table border=1>{row * 2000}</table>"))
    tabs = ["".join(span.text for span in line.spans).count("\t") for line in rows]
    assert tabs[0] == MOST_COLUMNS + 1
    assert len(rows) + sum(tabs) <= MOST_CELLS + 6000


@pytest.mark.parametrize(("rows", "columns"), [(MOST_CELLS // 5 + 1, 5), (2, MOST_COLUMNS + 1)])
def test_of_a_table_that_is_too_large_each_row_is_a_line_with_tabs(rows, columns):
    """As of one in a file of another writing program."""
    row = "<tr>" + "".join(f"<td><b>{number}</b> and<br>more" for number in range(columns))
    changes: list[str] = []
    lines = lines_of(from_html(f"<table border=1>{row * rows}</table>", change=changes.append))
    assert [(row_id(line.attributes), len(line.spans)) for line in lines] == [("", 2 * columns)] * rows
    assert "".join(span.text for span in lines[0].spans[:4]) == "0 and more\t1 and more\t"
    assert changes == ["tables"]


def test_a_table_in_a_list_item_leaves_the_item_its_own_line():
    spans = from_html("<ul><li><table border=1><tr><td>a<td>b</table></li><li>c</li></ul>")
    assert [line.attributes.get("list") for line in lines_of(spans)] == ["bullet", None, None, "bullet"]


def test_a_written_table_has_a_head_lines_and_the_alignment_of_its_cells():
    head = [Line((Span("a", BOLD),), {"table": "1"}), Line((Span("b", BOLD),), {"table": "1", "align": "right"})]
    cells = [Line((Span("c\u2028d"),), {"table": "2"}), Line((), {"table": "2", "align": "right"})]
    written = to_html([*head, *cells])
    assert [tag in written for tag in ("<thead>", "<tbody>", "collapse", "c<br>d", "strong")] == [True] * 4 + [False]
    assert written.count("text-align:right") == 2
    assert written.count("border:1px solid") == 5  # those of the cells, and around them


def test_columns_that_somebody_has_made_so_wide_are_so_in_html_and_back_and_what_programs_measure_is_not():
    def cell(row: str, **look: object) -> Line:
        return Line((Span("a"),), {"table": row, **look})

    def widths(source: str) -> list[int | None]:
        return next(part for part in with_tables(lines_of(from_html(source))) if isinstance(part, Table)).widths

    written = to_html([cell("1", column=467), cell("1"), cell("1"), cell("2"), cell("2", column=200)])
    assert '<colgroup><col style="width:46.7%"><col style="width:20%"><col></colgroup>' in written
    assert written.count("width") == 5  # of the table, of these columns, and of the first cell of each
    assert widths(written) == [467, 200, None]
    assert "<col" not in to_html([cell("1"), cell("1")])
    for columns in ('<col width="312"><col style="width:20px">', '<col style="width:0%"><col style="width:auto">'):
        assert widths(f"<table border=1><colgroup>{columns}</colgroup><tr><td>a<td>b</table>") == [None, None]
    spanning = '<table border=1><col style="width: 25.04%" span=3><tr><td>a<td>b</table>'
    assert widths(spanning) == [250, 250]
