"""Tables, pictures, notes, text boxes and formulas of OpenDocument texts."""

from __future__ import annotations

import base64
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cowrite.convert.data_images import LARGEST_IMAGE
from cowrite.convert.file_read import FileRead
from cowrite.convert.odt.reader import from_odt
from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.richtext import Span, lines_of, plain_text
from cowrite.core.text.table import MOST_COLUMNS, Table, with_tables
from helpers.open_documents import cell, comment, fodt, item, items, odt, p, row, span, style, table
from helpers.word_files import IMAGE, PIXEL
from unit.convert.odt.test_reader import NUMBERS, PATH, read

HEAD = "<table:table-header-rows>{}</table:table-header-rows>"
FRAME = '<draw:frame svg:width="1in" svg:height="1in">{}</draw:frame>'
HELD = '<draw:image xlink:href="Pictures/1.png"/>'


def parts(found: FileRead) -> list[str | list[list[str]]]:
    """The lines of what was read, and its tables by their cells."""
    both = with_tables(lines_of(found.spans))
    return [
        [["".join(each.text for each in cell.spans) for cell in row] for row in part.rows]
        if isinstance(part, Table)
        else "".join(each.text for each in part.spans)
        for part in both
    ]


def test_a_table_is_one_with_a_line_before_and_behind_it_and_its_head_is_bold():
    found = read(odt(table(HEAD.format(row(cell("a"), cell("b"))), row(cell(p("c") + p("d")), cell("")))))

    assert parts(found) == ["", [["a", "b"], ["c\u2028d", ""]], ""]
    assert [each.attributes.get("bold") for each in found.spans if each.text in "ab"] == [True, True]
    assert (found.changed, found.left_out) == ((), ())


def test_cells_over_several_places_are_single_ones_and_repeated_cells_are_as_many():
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    found = read(
        odt(
            table(
                row(cell("a", 'table:number-columns-spanned="3"') + covered),
                row(cell("b", 'table:number-columns-repeated="3"'), more='table:number-rows-repeated="2"'),
            )
        )
    )
    assert parts(found) == ["", [["a", "", ""], ["b", "b", "b"], ["b", "b", "b"]], ""]
    assert found.changed == ("merged cells",)


def test_columns_that_differ_are_as_wide_as_the_file_has_them():
    wide = '<style:style style:name="{}" style:family="table-column"><style:table-column-properties {}/></style:style>'
    own = wide.format("A", 'style:rel-column-width="300*"') + wide.format("B", 'style:rel-column-width="700*"')
    own += wide.format("C", 'style:column-width="2in"')
    columns = '<table:table-column table:style-name="{}"/>'

    def widths(columns: str) -> list[int | None]:
        (found,) = [
            part
            for part in with_tables(lines_of(read(odt(table(row(cell("a"), cell("b")), columns=columns), own)).spans))
            if isinstance(part, Table)
        ]
        return found.widths

    assert widths(columns.format("A") + columns.format("B")) == [300, 700]
    assert (
        widths(f"<table:table-columns>{columns.format('C')}{columns.format('C')}</table:table-columns>") == [None] * 2
    )
    assert widths(columns.format("A")) == [None, None]


@pytest.mark.parametrize(
    ("text", "expected", "changed"),
    [
        (table(row(cell("a"))), ["a"], "layouts"),
        (table(row(cell(items(item(p("a")))), cell("b"))), ["a", "b"], "layouts"),
        (table(row(cell("a"), cell(table(row(cell("x"), cell("y")))))), ["", [["a", "x\ty"]], ""], "nested tables"),
        (table(row(cell(items(item(p("x")))), cell("b")), row(cell("c"), cell("d"))),
         ["", [["• x", "b"], ["c", "d"]], ""], "lists in cells"),
        (table(row(cell("a", f'table:number-columns-repeated="{MOST_COLUMNS + 1}"'))), ["\t".join("a" * 51)], "tables"),
    ],
)  # fmt: skip
def test_what_no_table_here_can_be_is_lines(text, expected, changed):
    found = read(odt(text))
    assert (parts(found), found.changed) == (expected, (changed,))


def test_a_table_that_qt_has_written_within_the_paragraph_before_it_stands_below_that():
    found = read(odt(f"<text:p>before{table(row(cell('a'), cell('b')))}<text:p>behind</text:p></text:p>"))
    assert parts(found) == ["before", [["a", "b"]], "behind"]


def test_pictures_come_in_with_their_words_width_and_link_and_by_how_they_begin():
    taken: list[tuple[bytes, str]] = []

    def take(data: bytes, media_type: str) -> str:
        taken.append((data, media_type))
        return IMAGE

    told = FRAME.format(f"{HELD}<svg:title>no</svg:title><svg:desc>A bed</svg:desc>")
    text = f'<text:p>x<draw:a xlink:href="https://example.org">{told}</draw:a></text:p>'
    text += FRAME.format('<draw:image xlink:href="./Pictures/nameless"/>') + p(
        FRAME.format('<draw:image xlink:href="./x/..//Pictures/1.png"/>')  # the first one again
    )
    pictures = {"Pictures/1.png": PIXEL, "Pictures/nameless": b"\xff\xd8\xff and more"}
    found = from_odt(odt(text, more=pictures), PATH, take)

    first, second, third = (each for each in found.spans if each.embed)
    assert first.attributes == {"alt": "A bed", "width": 96, "link": "https://example.org"}
    assert (second.attributes, third.attributes) == ({"width": 96}, {"width": 96})
    assert taken == [(PIXEL, "image/png"), (b"\xff\xd8\xff and more", "image/jpeg")]
    assert found.left_out == ()
    encoded = base64.encodebytes(PIXEL).decode()
    held = f"<draw:image><office:binary-data>{encoded}</office:binary-data></draw:image>"
    taken.clear()
    assert from_odt(fodt(p(FRAME.format(held))), PATH, take).spans[0].embed == {"image": IMAGE}
    assert taken == [(PIXEL, "image/png")]


@pytest.mark.parametrize(
    ("frame", "left_out"),
    [
        ('<draw:image xlink:href="Pictures/2.png"/>', "images that are not in the file"),
        ('<draw:image xlink:href="https://example.org/1.png"/>', "images that are not in the file"),
        ('<draw:image xlink:href="Pictures/1.svg"/>', "images of a kind that cowrite does not show"),
        ('<draw:image xlink:href="../../etc/hostname"/>', "images that are not in the file"),
        ("<draw:image><office:binary-data>%%</office:binary-data></draw:image>",
         "images of a kind that cowrite does not show"),
        ("<draw:image><office:binary-data>abcde</office:binary-data></draw:image>",
         "images of a kind that cowrite does not show"),
        ("<draw:object/>", "drawings"),
    ],
)  # fmt: skip
def test_what_is_no_picture_here_is_left_out_and_told(frame, left_out):
    found = read(odt(p(f"x{FRAME.format(frame)}"), more={"Pictures/1.svg": b"<svg/>"}))
    assert (plain_text(found.spans), found.left_out) == ("x\n", (left_out,))


def test_of_a_picture_in_several_forms_the_first_that_can_be_shown_comes_in_and_none_too_large():
    svg = '<draw:image xlink:href="Pictures/1.svg"/>'
    assert (
        len(read(odt(p(FRAME.format(svg + HELD)), more={"Pictures/1.svg": b"<svg/>", "Pictures/1.png": PIXEL})).spans)
        == 2
    )
    stream = BytesIO(odt(p(FRAME.format(HELD))))
    with ZipFile(stream, "a", ZIP_DEFLATED) as written:
        written.writestr("Pictures/1.png", PIXEL + bytes(LARGEST_IMAGE))
    assert read(stream.getvalue()).spans == [Span("\n")]


def test_a_damaged_picture_is_left_out_and_the_words_around_it_come_in():
    data = odt(p(f"x{FRAME.format(HELD)}"), more={"Pictures/1.png": PIXEL})
    with ZipFile(BytesIO(data)) as written:
        sum_ = written.getinfo("Pictures/1.png").CRC.to_bytes(4, "little")
    found = read(data.replace(sum_, bytes(4)))
    assert (plain_text(found.spans), found.left_out) == ("x\n", ("images of a kind that cowrite does not show",))


def test_words_in_boxes_and_shapes_follow_their_paragraph_and_drawings_are_told():
    box = f"<draw:frame><draw:text-box>{p('in a box')}{table(row(cell('t')))}</draw:text-box></draw:frame>"
    shape = f"<draw:custom-shape>{p('in a shape')}</draw:custom-shape>"
    found = read(odt(items(item(p(f"item{box}{shape}"))) + f"<draw:g>{shape}{box}</draw:g>" + p("<draw:line/>end")))

    assert parts(found) == ["item", "in a box", "t", "in a shape", "in a shape", "in a box", "t", "end"]
    assert (found.changed, found.left_out) == (("text boxes", "layouts"), ("drawings",))
    assert [line.attributes for line in lines_of(found.spans)][:2] == [{"list": "bullet"}, {}]


def test_notes_are_footnotes_and_their_pictures_stand_behind_them():
    note = (
        '<text:note text:note-class="{}"><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body>'
        "</text:note>"
    )
    bold = style("T1", text='fo:font-weight="bold"')
    said = p(f"<text:s/>See {span('there', 'T1')}") + items(item(p("one"))) + p("")
    text = p(f"a {note.format('footnote', said)} b") + p(note.format("endnote", p(f"end{FRAME.format(HELD)}")))
    found = read(odt(text, bold, more={"Pictures/1.png": PIXEL}))

    assert found.spans == [
        Span("a "), Span("￼", embed=embed_of([Span("See "), Span("there", {"bold": True}), Span("\u2028• one")])),
        Span(" b\n"), Span("￼", embed=embed_of([Span("end")])), Span("￼", {"width": 96}, {"image": IMAGE}), Span("\n"),
    ]  # fmt: skip
    assert found.changed == ("endnotes", "images in notes")


def test_formulas_are_their_letters():
    formula = (
        "<math:math><math:semantics><math:mrow><math:mi>a</math:mi><math:mo>=</math:mo><math:mn>1</math:mn></math:mrow>"
        '<math:annotation encoding="StarMath 5.0">a = 1 no</math:annotation></math:semantics></math:math>'
    )
    part = formula.replace("<math:math>", '<math:math xmlns:math="http://www.w3.org/1998/Math/MathML">')
    held = FRAME.format(f'<draw:object xlink:href="./Object 1"/>{HELD}')
    for found in (
        read(odt(p(f"x {held}"), more={"Object 1/content.xml": part})),
        read(fodt(p(f"x {FRAME.format(f'<draw:object>{formula}</draw:object>')}"))),
    ):
        assert (plain_text(found.spans), found.changed) == ("x a=1\n", ("formulas",))


def test_what_stands_on_each_page_is_left_out_and_told():
    page = "<style:master-page><style:header>{}</style:header></style:master-page>"
    assert read(odt(p("a"), pages=page.format(p("Head")))).left_out == ("headers and footers",)
    assert read(odt(p("a"), pages=page.format(p("")))).left_out == ()


def test_items_in_cells_boxes_and_comments_leave_the_list_around_them_as_it_is():
    box = f"<draw:frame><draw:text-box>{items(item(p('x')), name='L1')}</draw:text-box></draw:frame>"
    found = read(odt(items(item(p(f"a{box}{comment('c', 'Why?')}")), item(p("b")), name="L1"), NUMBERS))
    assert [(dict(line.attributes), line.spans[0].text) for line in lines_of(found.spans)] == [
        ({"list": "ordered", "start": 3}, "a"), ({"list": "ordered", "start": 3}, "x"), ({"list": "ordered"}, "b"),
    ]  # fmt: skip
