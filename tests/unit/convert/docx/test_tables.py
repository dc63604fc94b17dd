"""Tables of Word files: those that cowrite writes, what other programs put into them, and what is none."""

from __future__ import annotations

import docx
import pytest
from docx.oxml import parse_xml

from cowrite.convert.docx.reader import from_docx
from cowrite.convert.file_read import FileRead
from cowrite.core.text.richtext import DELETION, INSERTION, SOFT_BREAK, Span, lines_of, plain_text
from cowrite.core.text.table import MOST_COLUMNS, Table, row_id, with_tables
from helpers.word_files import NAMES, PATH, read, run, tracked
from unit.convert.docx.test_parts import body, boxed, cell, saved, table

BOLD = {"bold": True}


def parts(found: FileRead) -> list[str | list[list[str]]]:
    """Each line by its words, each table by those of its cells."""
    return [
        [[plain_text(cell.spans) for cell in row] for row in part.rows] if isinstance(part, Table)
        else plain_text(part.spans)
        for part in with_tables(lines_of(found.spans))
    ]  # fmt: skip


def p(words: str, properties: str = "") -> str:
    return f"<w:p {NAMES}><w:pPr>{properties}</w:pPr>{run(words) if words else ''}</w:p>"


def held(words: str, properties: str) -> str:
    """A cell with properties."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(words)}</w:tc>"


def row_with(properties: str, *cells: str) -> str:
    return f"<w:trPr>{properties}</w:trPr>{''.join(cells)}"


A, B, C, D = (cell(run(letter)) for letter in "abcd")


def test_a_table_comes_in_as_one():
    word = docx.Document()
    word.add_paragraph("before")
    for letters in ("abcd", "ef"):
        new = word.add_table(len(letters) // 2, 2)
        for at, letter in enumerate(letters):
            new.cell(at // 2, at % 2).text = letter
    new.cell(0, 1).add_paragraph("g")
    found = read(saved(word))

    assert parts(found) == ["before", [["a", "b"], ["c", "d"]], "", [["e", "f\u2028g"]], ""]
    assert (found.changed, found.left_out) == ((), ())


def test_a_table_is_read_no_further_once_nobody_wants_it():
    class NotWanted(Exception):
        """Nobody does."""

    checked = [0]

    def check() -> None:
        checked[0] += 1
        if checked[0] == 5:
            raise NotWanted

    with pytest.raises(NotWanted):
        from_docx(body(table(A + B, C + D, A + B)), PATH, check=check)


def test_a_line_stands_before_a_table_with_which_the_text_begins():
    assert parts(read(body(table(A + B), p("end")))) == ["", [["a", "b"]], "end"]


def test_what_is_in_a_cell_is_one_line_that_looks_like_it():
    numbered = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
    word = docx.Document()
    ids = {
        kind: word.styles[f"List {kind}"].element.pPr.numPr.numId.val for kind in ("Bullet", "Number")
    }  # fmt: skip
    rule = '<w:pBdr><w:bottom w:val="single"/></w:pBdr>'
    content = "".join((
        p(""), p("in the middle", '<w:jc w:val="center"/>'), p(""), p("", rule),
        p("dot", numbered.format(0, ids["Bullet"])), p("one", numbered.format(0, ids["Number"])),
        p("two", numbered.format(0, ids["Number"])), p(""),
    ))  # fmt: skip
    heads = p("Head", '<w:pStyle w:val="Heading1"/>') + p("More", '<w:pStyle w:val="Heading2"/>')
    word.element.body.sectPr.addprevious(
        parse_xml(table(f"<w:tc>{content}</w:tc><w:tc>{heads}</w:tc>", cell(run("\u2610 herbs")) + B))
    )
    found = read(saved(word))
    first, second = (line for line in lines_of(found.spans)[1:3])

    assert first.spans == (Span("in the middle\u2028\u2028\u2022 dot\u20281. one\u20282. two"),)
    assert first.attributes == {"align": "center", "table": row_id(second.attributes)}
    assert second.spans == (Span("Head", BOLD), Span(SOFT_BREAK), Span("More", BOLD))
    assert parts(found)[1][1] == ["\u2610 herbs", "b"]
    assert found.changed == ("lists in cells",)


def test_a_table_in_a_cell_is_lines_of_it_and_that_is_told():
    note = table(cell(run("note"), run("more")), names="")
    inner = table(cell(run("x")) + cell(run("y"), run("z")), cell(run("1")) + cell(""), names="")
    found = read(body(table(f"<w:tc>{p('a')}{inner}{note}<w:p/></w:tc>{B}", C + D)))

    assert parts(found) == ["", [["a\u2028x\ty z\u20281\t\u2028note\u2028more", "b"], ["c", "d"]], ""]
    assert found.changed == ("nested tables",)


def test_merged_cells_are_single_ones_with_the_words_in_the_first_and_that_is_told():
    found = read(body(table(
        held("all", '<w:gridSpan w:val="4"/>'),
        held("two", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>') + C + D,
        held("", '<w:gridSpan w:val="2"/><w:vMerge/>') + C + D,
        row_with('<w:gridBefore w:val="2"/><w:gridAfter w:val="1"/>', C),
    )))  # fmt: skip

    assert parts(found)[1] == [["all", "", ""], ["two", "c", "d"], ["", "c", "d"], ["", "c", ""]]
    assert found.changed == ("merged cells",)


@pytest.mark.parametrize("columns", ["1000000", "999999999", "9" * 30, "-4", "0", "x"])
def test_a_cell_over_a_million_columns_is_one_cell(columns):
    wide = held("a", f'<w:gridSpan w:val="{columns}"/>')
    before = row_with(f'<w:gridBefore w:val="{columns}"/><w:gridAfter w:val="{columns}"/>', A, B)
    assert len(parts(read(body(table(wide + B, before))))[1][1]) <= 4


def test_a_table_that_is_too_large_is_a_line_for_each_row_and_that_is_told():
    wide = table(A * MOST_COLUMNS, cell(run("x"), "", run("y\tz")) + B * MOST_COLUMNS)
    found = read(body(wide, p("end")))
    first, second, end = parts(found)

    assert (first, second[:9], end) == ("\t".join("a" * MOST_COLUMNS), "x y z\tb\tb", "end")
    assert found.changed == ("tables",)
    long = "".join(f"<w:tr>{A * 40}</w:tr>" for _ in range(26))
    assert len(parts(read(body(f"<w:tbl {NAMES}>{long}</w:tbl>")))) == 26


@pytest.mark.parametrize("name", ["sdt", "customXml"])
def test_rows_and_cells_that_content_controls_hold_are_read(name):
    def within(content: str, names: str = "") -> str:
        content = f"<w:sdtContent>{content}</w:sdtContent>" if name == "sdt" else content
        return f"<w:{name} {names}>{content}</w:{name}>"

    rows = f"<w:tr>{A}{within(B)}</w:tr>{within(f'<w:tr>{C}{D}</w:tr>')}"
    assert parts(read(body(within(f"<w:tbl>{rows}</w:tbl>", NAMES))))[1] == [["a", "b"], ["c", "d"]]


# Heads


def test_a_row_that_is_repeated_on_each_page_is_the_bold_head():
    found = read(body(table(row_with("<w:tblHeader/>", cell(run("A") + run(" b", "<w:b/>")), B), C + D)))
    (head,) = (part for part in with_tables(lines_of(found.spans)) if isinstance(part, Table))

    assert head.has_head
    assert head.rows[0][0].spans == (Span("A b", BOLD),)


def test_a_head_whose_words_are_bold_stays_as_it_is():
    found = read(body(table(row_with("<w:tblHeader/>", cell(run("A", "<w:b/>") + run(" ")), B), C + D)))
    assert lines_of(found.spans)[1].spans == (Span("A", BOLD), Span(" "))


@pytest.mark.parametrize(
    ("look", "bold"),
    [
        ('<w:tblLook w:firstRow="1" w:firstColumn="0" w:val="0480"/>', "ab"), ('<w:tblLook w:val="04A0"/>', "abc"),
        ('<w:tblLook w:lastRow="1" w:val="x"/>', "cd"), ('<w:tblLook w:val="0400"/>', ""), ("", ""),
    ],
)  # fmt: skip
def test_what_a_tables_style_makes_bold_is_bold(look, bold):
    word = docx.Document()
    stated = "".join(
        f'<w:tblStylePr w:type="{part}"><w:rPr><w:b/></w:rPr></w:tblStylePr>' for part in ("firstRow", "lastRow")
    )
    below = f'<w:name w:val="Below"/>{stated}<w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr>'
    own = '<w:name w:val="Own"/><w:basedOn w:val="Below"/>'
    for id, style in (("Below", below), ("Own", own)):
        word.styles.element.append(parse_xml(f'<w:style {NAMES} w:type="table" w:styleId="{id}">{style}</w:style>'))
    properties = f'<w:tblPr><w:tblStyle w:val="Own"/>{look}</w:tblPr>'
    rows = f"<w:tr>{A}{B}</w:tr><w:tr>{C}{D}</w:tr>"
    word.element.body.sectPr.addprevious(parse_xml(f"<w:tbl {NAMES}>{properties}{rows}</w:tbl>"))

    spans = read(saved(word)).spans
    assert "".join(span.text for span in spans if span.attributes.get("bold")) == bold


# Pages


def test_a_table_that_lays_out_a_page_is_read_as_the_page_and_that_is_told():
    heading = f'<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run("Plan")}'
    item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>' + run("item")
    found = read(body(
        table(cell(run("Note"), "", run("More"))), table(cell(heading) + cell(run("aside"))),
        table(cell(run("☐ to do"))), table(A + B, cell(heading, run("text")) + C), f"<w:p {NAMES}>{item}</w:p>",
    ))  # fmt: skip

    assert parts(found) == ["Note", "More", "Plan", "aside", "to do", "a", "b", "Plan", "text", "c", "item"]
    assert [line.attributes for line in lines_of(found.spans)][2:5] == [{"header": 1}, {}, {"list": "unchecked"}]
    assert found.changed == ("layouts",)


def test_long_words_lists_and_headings_make_no_page_of_a_table():
    heading = f'<w:pPr><w:pStyle w:val="Heading2"/></w:pPr>{run("Step")}'
    item = '<w:pPr><w:pStyle w:val="ListBullet"/></w:pPr>' + run("item")
    found = read(body(table(cell(heading) + B, cell(*[item] * 12) + cell(*[run("words " * 50)] * 12))))

    assert [len(row) for row in parts(found)[1]] == [2, 2]


# What is suggested


def test_a_row_that_was_tracked_comes_in_or_goes_with_all_of_its_cells():
    empty = "<w:tc><w:p/></w:tc>"
    found = read(body(table(A + B, row_with(tracked("ins", ""), C, empty), row_with(tracked("del", ""), empty, D))))
    marked = [[dict(span.attributes) for span in spans] for spans in cells_with_breaks(found)]

    assert parts(found)[1] == [["a", "b"], ["c", ""], ["", "d"]]
    comes, goes = {INSERTION: "change:1"}, {DELETION: "change:1"}
    assert marked == [[{}, {}], [{}, {}], [comes, comes], [comes], [goes], [goes, goes]]


def cells_with_breaks(found: FileRead) -> list[list[Span]]:
    """The spans of each cell with its break, without the ids of rows."""
    return [
        [*line.spans, Span("\n", {name: value for name, value in line.attributes.items() if name != "table"})]
        for line in lines_of(found.spans, keeps_suggested=True)
        if row_id(line.attributes)
    ]


@pytest.mark.parametrize(
    ("changes", "rejected", "accepted"),
    [(("", "cellIns", ""), "ac", "abc"), (("", "cellDel", ""), "abc", "ac"), (("cellIns", "", "cellDel"), "bc", "ab"),
     (("cellDel", "cellIns", ""), "ac", "bc")],
)  # fmt: skip
def test_a_cell_that_was_tracked_comes_in_or_goes(changes, rejected, accepted):
    cells = [
        held(letter, f"{tracked(change, '') if change else ''}") for letter, change in zip("abc", changes, strict=True)
    ]
    spans = read(body(table("".join(cells)))).spans

    def row(mark: str) -> list[str]:
        (found,) = parts(FileRead([span for span in spans if mark not in span.attributes], (), ()))[1]
        return found

    assert (row(INSERTION), row(DELETION)) == (list(rejected), list(accepted))


def test_what_was_tracked_within_a_cell_is_suggested_there_and_its_last_paragraph_stays():
    mark = f"<w:rPr>{tracked('del', '')}</w:rPr>"
    gone = f"<w:pPr>{mark}</w:pPr>" + tracked("del", "<w:r><w:delText>a</w:delText></w:r>")
    first, *_ = cells_with_breaks(read(body(table(cell(gone, gone) + B))))

    assert first == [Span("a\u2028a", {DELETION: "change:1"}), Span("\n")]


def test_a_tracked_cell_has_no_say_in_the_box_of_the_paragraph_behind_its_table():
    """The last paragraph of a cell may have been tracked: the line break before the next is that of the row."""
    mark = f"<w:pPr><w:rPr>{tracked('ins', '')}</w:rPr></w:pPr>"
    boxed = tracked("ins", run("☐ ")) + run("to do")
    found = read(body(table(A + cell(mark + run("b"))), f"<w:p {NAMES}>{boxed}</w:p>"))

    assert found.changed == ("tracked boxes",)
    assert all(INSERTION not in span.attributes for span in found.spans)


def test_a_table_in_a_text_box_that_is_tracked_is_suggested():
    box = f"<w:r><w:pict>{boxed('').replace('<w:p></w:p>', table(A + B, names=''))}</w:pict></w:r>"
    found = read(body(f"<w:p {NAMES}>{tracked('ins', box)}</w:p>", p("end")))

    assert parts(found) == ["", [["a", "b"]], "end"]
    comes = {INSERTION: "change:1"}
    assert cells_with_breaks(found) == [[Span("a", comes), Span("\n", comes)], [Span("b", comes), Span("\n", comes)]]
