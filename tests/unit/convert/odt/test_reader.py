"""OpenDocument texts as rich text: what other programs put into them, and files that are broken."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from cowrite.convert.file_read import FileRead
from cowrite.convert.odt.pictures import MOST_LETTERS
from cowrite.convert.odt.reader import from_odt
from cowrite.convert.odt.words import MOST_BLANKS
from cowrite.convert.packed_file import UnreadableFile
from cowrite.core.text.richtext import Span, lines_of, plain_text
from helpers.open_documents import (
    TEXT,
    added,
    cell,
    comment,
    content,
    ends,
    fodt,
    gone,
    item,
    items,
    odt,
    p,
    package,
    region,
    row,
    span,
    style,
    table,
    tracked,
)
from helpers.wanting import NotWanted, wanted_once
from helpers.word_files import IMAGE, PIXEL

PATH = Path("plan.odt")
NUMBERS = """
<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" text:start-value="3"/>
<text:list-level-style-number text:level="2" style:num-format="a"/>
<text:list-level-style-bullet text:level="3" text:bullet-char="•"/>
<text:list-level-style-number text:level="4" style:num-format=""/>
</text:list-style>
<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="i"/></text:list-style>
"""


def read(data: bytes) -> FileRead:
    return from_odt(data, PATH, lambda _data, _media_type: IMAGE)


def blocks(found: FileRead) -> list[tuple[str, dict]]:
    """The text of each line with its block attributes."""
    return [("".join(each.text for each in line.spans), dict(line.attributes)) for line in lines_of(found.spans)]


def looks(words: str, automatic: str = "", named: str = "") -> list[Span]:
    """The spans of one paragraph."""
    found = read(odt(p(words), automatic, named))
    return [*found.spans[:-1], Span(found.spans[-1].text.removesuffix("\n"))] if found.spans else []


def test_headings_quotations_and_code_are_known_by_their_level_and_by_the_names_of_styles():
    named = style("Heading_20_1", "paragraph", "Heading", 'fo:text-align="center"', 'fo:font-weight="bold"')
    named += style("Quotations", "paragraph", "Standard", 'fo:margin-left="1cm"', 'fo:font-style="italic"')
    named += style("Mine", "paragraph", "Quotations") + style("Ring", "paragraph", "Ring")
    own = style("P1", "paragraph", "Preformatted_20_Text") + style(
        "P2", "paragraph", "Source_20_Code_20__28_C_2b__2b__29_"
    )
    found = read(
        odt(
            '<text:h text:style-name="Heading_20_1" text:outline-level="1">Plan</text:h>'
            '<text:h text:outline-level="8">deep</text:h><text:h>no level</text:h>'
            + p("whole", "Title") + p("below", "Subtitle") + p("said", "Mine") + p("x = 1", "P1") + p("y", "P2")
            + p("round", "Ring"),
            own, named,
        )
    )  # fmt: skip

    assert blocks(found) == [
        ("Plan", {"header": 1}), ("deep", {"header": 6}), ("no level", {"header": 1}), ("whole", {"header": 1}),
        ("below", {"header": 2}), ("said", {"blockquote": True}), ("x = 1", {"code-block": True}),
        ("y", {"code-block": "C++"}), ("round", {}),
    ]  # fmt: skip
    assert all(not span.attributes.get("bold") and not span.attributes.get("italic") for span in found.spans)


def test_fonts_and_sizes_come_in_that_somebody_has_set_and_not_those_of_styles_or_of_other_fonts():
    named = style("Standard", "paragraph", text='fo:font-family="\'Arial\'" fo:font-size="12pt"')
    own = style("P1", "paragraph", "Standard", text='fo:font-size="0.25in"')
    own += style("T1", text='fo:font-family="Georgia" fo:font-size="12pt"') + style("T2", text='fo:font-family="Arial"')
    own += style("T3", text='fo:font-family="Amiri" fo:font-size="150%"')
    own += style("T4", text='fo:font-family="Courier New" fo:font-size="30pt"')
    words = f"a{span('b', 'T1')}{span('c', 'T2')}{span('d', 'T3')}{span('e', 'T4')}"

    found = read(odt(p(words, "P1") + p(span("f", "T1"), "Standard"), own, named))
    large = {"size": "18pt"}
    assert found.spans == [
        Span("a", large), Span("b", {"font": "serif"}), Span("cd", large), Span("e", {"code": True}), Span("\n"),
        Span("f", {"font": "serif"}), Span("\n"),
    ]  # fmt: skip


def test_looks_come_from_a_files_own_styles_and_from_those_on_which_they_stand():
    named = style("Strong", text='fo:font-weight="bold"') + style("Warn", parent="Strong", text='fo:color="#c00000"')
    named += style("Source_20_Text") + style("Loud", "paragraph", text='fo:font-style="italic" fo:color="#000000"')
    own = style("T1", parent="Warn", text='fo:font-weight="normal" style:text-underline-style="solid"')
    own += style("T2", text='style:text-line-through-type="single" style:text-position="super 58%"')
    own += style("T3", text='style:text-position="-33% 58%" fo:background-color="#ffee00"')
    own += style("T4", text='fo:background-color="transparent" style:font-name="DejaVu Sans Mono"')
    own += style("P1", "paragraph", "Loud", text='fo:font-weight="bold"') + style("T5", text='fo:font-style="normal"')

    assert looks(span("a", "Warn") + span("b", "T1") + span(span("c", "T2"), "T3") + span("d", "T4"), own, named) == [
        Span("a", {"bold": True, "color": "#c00000"}), Span("b", {"color": "#c00000", "underline": True}),
        Span("c", {"strike": True, "script": "super", "background": "#ffee00"}), Span("d", {"code": True}), Span(""),
    ]  # fmt: skip
    found = read(odt(p("all " + span("code", "Source_20_Text") + span("upright", "T5"), "P1"), own, named))
    assert found.spans == [
        Span("all ", {"bold": True, "italic": True}), Span("code", {"bold": True, "italic": True, "code": True}),
        Span("upright", {"bold": True}), Span("\n"),
    ]  # fmt: skip


def test_links_look_like_links_and_lead_out_of_the_file_alone():
    named = style("Internet_20_link", text='fo:color="#000080" style:text-underline-style="solid"')
    own = style("T1", text='fo:color="#1155cc" style:text-underline-style="solid"')
    own += style("T2", text='fo:color="#c02020" fo:font-weight="bold"')

    def link(to: str, words: str) -> str:
        return f'<text:a xlink:href="{to}" text:style-name="Internet_20_link">{words}</text:a>'

    site = "https://example.org/a?b=c"
    assert looks(
        link(site, "one") + link(site, span("two", "T1")) + link("javascript:x", "no")
        + link("#part", span("in", "Internet_20_link"))
        + link("../notes.odt", span("red", "T2")), own, named,
    ) == [
        Span("one", {"link": site}), Span("two", {"link": site, "underline": True}),
        Span("noin"),
        Span("red", {"link": "notes.odt", "color": "#c02020", "bold": True}), Span(""),
    ]  # fmt: skip


def test_blanks_are_those_that_are_shown():
    words = '\n  <text:s text:c="2"/>a  \n b<text:s/><text:s text:c="2"/>c<text:tab/>d<text:line-break/>e\t f '
    assert plain_text(read(odt(p(words))).spans) == "  a b   c\td\u2028e f \n"
    many = f'<text:s text:c="{MOST_BLANKS - 1}"/><text:s text:c="999999999"/><text:s text:c="x"/>'
    assert len(plain_text(read(odt(p(many * 3))).spans)) == MOST_BLANKS + 8


def test_fields_and_contents_are_the_words_that_they_show_and_what_is_hidden_is_left_out():
    own = style("T1", text='text:display="none"') + style("S1", "section")
    found = read(
        odt(
            '<text:sequence-decls><text:sequence-decl text:name="Table"/></text:sequence-decls>'
            "<text:table-of-content><text:table-of-content-source><text:index-title-template>no"
            "</text:index-title-template></text:table-of-content-source><text:index-body>"
            "<text:index-title><text:p>Contents</text:p></text:index-title>"
            '<text:p><text:a xlink:href="#x">Aims<text:tab/>2</text:a></text:p>'
            "</text:index-body></text:table-of-content>"
            + p('Page <text:page-number text:select-page="current">7</text:page-number> of '
                "<text:page-count>9</text:page-count>"
                '<text:bookmark-start text:name="b"/>, here<text:bookmark-end text:name="b"/><text:soft-page-break/>'
                "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby>"
                '<office:annotation-end office:name="of none"/>')
            + f'<text:section><text:p>within {span("secret", "T1")}</text:p></text:section>'
            '<text:section text:display="none"><text:p>not here</text:p></text:section>'
            "<text:soft-page-break/>", own,
        )
    )  # fmt: skip

    assert [text for text, _ in blocks(found)] == ["Contents", "Aims\t2", "Page 7 of 9, here漢", "within "]
    assert found.left_out == ("the readings above characters", "hidden words")


def test_the_boxes_and_choices_of_a_form_are_what_they_show():
    space = 'xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"'
    kind = "vnd.oasis.opendocument.field"

    def mark(of: str, **stated: str) -> str:
        said = "".join(f'<field:param field:name="{name[:-1]}" field:value="{each}"/>' for name, each in stated.items())
        return f'<field:fieldmark {space} field:type="{kind}.{of}">{said}</field:fieldmark>'

    choice = mark("FORMDROPDOWN", Dropdown_ListEntry1="red", Dropdown_ListEntry2="blue", Dropdown_Selected1="1")
    odd = mark("FORMDROPDOWN", Dropdown_Selected1="9") + mark("OTHER")
    boxes = mark("FORMCHECKBOX", Checkbox_Checked1="true") + " yes", mark("FORMCHECKBOX") + " no"
    found = read(odt("".join(map(p, (*boxes, f"in {choice}{odd}")))))
    assert blocks(found) == [("yes", {"list": "checked"}), ("no", {"list": "unchecked"}), ("in blue", {})]


@pytest.mark.parametrize(
    ("properties", "words", "expected"),
    [
        ('fo:text-align="center"', "a", {"align": "center"}),
        ('fo:text-align="start"', "a", {}),
        ('fo:text-align="end"', "a", {"align": "right"}),
        ('fo:text-align="justify"', "a", {"align": "justify"}),
        ('style:writing-mode="rl-tb" fo:text-align="end"', "אב", {}),
        ('style:writing-mode="rl-tb" fo:text-align="start"', "אב", {"align": "left"}),
        ('style:writing-mode="rl-tb"', "a", {"direction": "rtl"}),
        ('style:writing-mode="lr-tb"', "אב", {"direction": "ltr"}),
        ('style:writing-mode="page"', "אב", {}),
        ('fo:margin-left="0.5in"', "a", {"indent": 1}),
        ('fo:margin-left="2.501cm"', "a", {"indent": 2}),
        ('fo:margin-left="-2cm"', "a", {}),
        ('fo:margin-left="9%"', "a", {}),
    ],
)
def test_paragraphs_stand_where_the_file_has_them(properties, words, expected):
    found = read(odt(p(words, "P1"), style("P1", "paragraph", "Standard", properties)))
    assert blocks(found) == [(words, expected)]


def test_a_named_style_aligns_and_turns_its_paragraphs():
    named = style("Standard", "paragraph", paragraph='style:writing-mode="rl-tb"')
    named += style("Mine", "paragraph", "Standard", 'fo:text-align="center" fo:margin-left="1in"')
    found = read(odt(p("a", "Mine"), named=named))
    assert blocks(found) == [("a", {"align": "center", "direction": "rtl"})]


def test_a_line_below_nothing_is_a_divider():
    named = style("Horizontal_20_Line", "paragraph", paragraph='fo:border-bottom="1pt solid #000000"')
    own = style("P1", "paragraph", paragraph='fo:border-bottom="none"') + style("P2", "paragraph", "Horizontal_20_Line")
    found = read(odt(p("", "P2") + p("", "P1") + p("words", "P2"), own, named))
    assert [bool(line.spans and line.spans[0].embed) for line in lines_of(found.spans)] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            items(item(p("a")), item(p("b"), p("more"), items(item(p("c")))), item(p("d")), name="L1"),
            [("a", "ordered", 0, 3), ("b", "ordered", 0, None), ("more", None, 1, None), ("c", "ordered", 1, None),
             ("d", "ordered", 0, None)],
        ),
        (  # each list counts by itself, unless it says otherwise
            items(item(p("a")), name="L1", more='xml:id="x"') + p("text") + items(item(p("b")), name="L1")
            + items(item(p("c")), name="L1", more='text:continue-list="x"')
            + items(item(p("d")), name="L1", more='text:continue-numbering="true"'),
            [("a", "ordered", 0, 3), ("text", None, 0, None), ("b", "ordered", 0, 3), ("c", "ordered", 0, None),
             ("d", "ordered", 0, None)],
        ),
        (
            items(item(p("a"), more='text:start-value="7"'), item(p("b"), more='text:style-override="L2"'),
                  f"<text:list-header>{p('head')}</text:list-header>", name="L1"),
            [("a", "ordered", 0, 7), ("b", "ordered", 0, None), ("head", None, 1, None)],
        ),
        (
            items(item(items(item(items(item(p("a"), items(item(p("b")))))))), name="L1"),
            [("a", "bullet", 2, None), ("b", None, 4, None)],
        ),
        (items(item(p("a", "P1")), item(p("☑ b", "P1"))), [("a", "ordered", 0, None), ("b", "checked", 0, None)]),
        (items(item(p("a")), name="unknown"), [("a", "bullet", 0, None)]),
        (items(item(p("☐ a")), name="None"), [("a", "unchecked", 0, None)]),
    ],
)  # fmt: skip
def test_items_have_the_numbers_that_the_file_gives_them(text, expected):
    own = NUMBERS + style("P1", "paragraph", "Item") + '<text:list-style style:name="None"/>'
    named = style("Item", "paragraph", more='style:list-style-name="L2"')
    found = read(odt(text, own, named))
    assert [
        (words, block.get("list"), block.get("indent", 0), block.get("start")) for words, block in blocks(found)
    ] == expected


@pytest.mark.parametrize(
    ("look", "is_deep", "changed"),
    [
        ('style:num-format="1" style:num-suffix="."', False, False),
        ('style:num-format="a" style:num-prefix="(" style:num-suffix=")"', True, False),
        ('style:num-format=""', False, False),
        ('style:num-format="1" style:num-prefix="§ "', False, True), ('style:num-format="I"', False, True),
        ('style:num-format="1" text:display-levels="2"', True, True), ('style:num-format="1"', True, True),
        ('style:num-format="" style:num-suffix="Note:"', False, True),
    ],
)  # fmt: skip
def test_that_items_are_numbered_otherwise_than_in_the_file_is_told(look, is_deep, changed):
    levels = f'<text:list-level-style-number text:level="{2 if is_deep else 1}" {look}/>'
    inner = item(p("words"))
    text = items(item(items(inner)) if is_deep else inner, name="L7")
    found = read(odt(text, f'<text:list-style style:name="L7">{levels}</text:list-style>'))
    assert found.changed == (("numbers of items",) if changed else ())


def test_numbers_of_headings_are_left_out_and_items_that_are_headings_are_both():
    outline = '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/></text:outline-style>'
    heading = '<text:h text:style-name="{}" text:outline-level="1">{}</text:h>'
    found = read(odt(heading.format("Standard", "Scope"), named=outline))
    assert (blocks(found), found.left_out) == ([("Scope", {"header": 1})], ("the numbers of headings",))
    named = style("Numbered", "paragraph", more='style:list-style-name="L1"')
    found = read(odt(items(item(heading.format("Numbered", "a")), name="L1"), NUMBERS, named))
    assert (blocks(found), found.left_out) == ([("a", {"header": 1})], ("the numbers of headings",))
    found = read(odt(items(item(heading.format("Standard", "a")), name="L2"), NUMBERS, named))
    assert (blocks(found), found.left_out) == ([("a", {"header": 1, "list": "ordered"})], ())


def test_a_single_file_of_xml_and_a_template_come_in_as_a_package_does():
    named = style("Mine", "paragraph", text='fo:font-weight="bold"')
    text = p("words", "Mine") + items(item(p("a")), name="L1")
    assert read(fodt(text, NUMBERS, named)) == read(odt(text, NUMBERS, named))
    assert read(package({"content.xml": content(p("words"))}, f"{TEXT}-template")).spans == [Span("words\n")]
    assert read(package({"content.xml": content(p("words"))}, "")).spans == [Span("words\n")]


def test_lists_of_one_id_and_ids_that_are_no_names_are_read_as_office_programs_read_them():
    text = '<text:list xml:id="list1"><text:list-item><text:p xml:id="1">a</text:p></text:list-item></text:list>'
    assert read(odt(text + text)).spans == [Span("a", {}), Span("\n", {"list": "bullet"})] * 2


def test_a_file_is_read_no_further_once_nobody_wants_it():
    pictures = []
    shown = p('<draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame>')
    data = odt(p("a") + p("b") + p("c") + shown, more={"Pictures/1.png": PIXEL})
    assert IMAGE in str(read(data).spans)
    with pytest.raises(NotWanted):
        from_odt(data, PATH, lambda *picture: pictures.append(picture), wanted_once())
    assert not pictures


def test_what_a_files_own_definitions_would_grow_to_is_no_text(tmp_path):
    """Entities may stand for each other, ten times each, or for a file of this computer."""
    (tmp_path / "secret").write_text("secret")
    entities = f'<!ENTITY a0 "x"><!ENTITY f SYSTEM "{(tmp_path / "secret").as_uri()}">'
    entities += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    hostile = f"<!DOCTYPE d [{entities}]>{content(p('one &a9;&f;two'))}"
    with suppress(UnreadableFile):
        assert plain_text(read(package({"content.xml": hostile})).spans) in ("one two\n", "one \n")


def test_cells_and_rows_that_a_file_repeats_beyond_measure_are_there_once():
    many = 'table:number-columns-repeated="999999999" table:number-rows-repeated="999999999"'
    found = read(odt(table(row(cell("a", many), cell("b"), more=many), *[row(cell("c" * 99, many), more=many)] * 50)))
    assert len(plain_text(found.spans)) < 100_000


def test_a_damaged_file_is_read_or_refused_and_nothing_else_happens():
    whole = content(
        tracked(region("1", "deletion", gone=p("gone") + p("too")), region("2", "insertion", who="Cy"))
        + p(f"one {comment('c', 'Why?')}two{ends('c')} {gone('1')} {added('three', '2')}")
        + items(item(p("a"), items(item(p("b")))), name="L1") + table(row(cell("c"), cell("d"))),
        NUMBERS,
    )  # fmt: skip
    assert len(read(package({"content.xml": whole})).suggested) == 2
    chance = Random(7)
    for turn in range(100):
        damaged = bytearray(whole.encode())
        for _ in range(1 + turn % 5):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randrange(1, 30)] = chance.randbytes(chance.randrange(4))
        data = package({"content.xml": bytes(damaged)})
        with suppress(UnreadableFile):
            read(data if turn % 3 else data[: chance.randrange(len(data))])


def test_what_a_file_repeats_or_leaves_open_without_end_costs_no_more_than_its_length():
    chain = "".join(style(f"S{at}", "paragraph", f"S{at + 1}") for at in range(500))
    starts = "".join(f'<text:change-start text:change-id="{at}"/>x' for at in range(500))
    regions = tracked(*(region(str(at), "insertion") for at in range(500)))
    formula = "<math:math><math:mi>{}</math:mi></math:math>".format("a" * 100_000)
    part = formula.replace("<math:math>", '<math:math xmlns:math="http://www.w3.org/1998/Math/MathML">')
    shown = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    named = "".join(p("x", f"S{at}") for at in range(500))
    found = read(odt(regions + named + p(starts) + p(shown * 50), named=chain, more={"Object 1/content.xml": part}))
    assert plain_text(found.spans).count("x") == 1000
    assert plain_text(found.spans).count("a") == MOST_LETTERS


def test_a_page_begins_where_a_paragraph_or_the_style_of_one_or_of_a_table_says_so():
    before, behind = 'fo:break-before="page"', 'fo:break-after="page"'
    styles = style("New", "paragraph", "Standard", before) + style("Last", "paragraph", "Standard", behind)
    styles += style("Other", "paragraph", "Standard", more='style:master-page-name="First_20_Page"')
    styles += style("Column", "paragraph", "Standard", 'fo:break-before="column"')
    styles += f'<style:style style:name="T" style:family="table"><style:table-properties {before}/></style:style>'
    named = style("Heading_20_1", "paragraph", "Heading", before)
    text = p("a", "Other") + p("b", "New") + p("c", "Last") + p("d") + p("e", "Other") + p("f", "Column")
    text += '<text:h text:style-name="Heading_20_1" text:outline-level="1">g</text:h>'
    text += table(row(cell("h"), cell(p("i", "New")))).replace("<table:table>", '<table:table table:style-name="T">')
    found = read(odt(text, styles, named))
    pages = [(text, "page-break" in block) for text, block in blocks(found)]
    assert pages[:7] == [("a", False), ("b", True), ("c", False), ("d", True), ("e", True), ("f", False), ("g", True)]
    assert pages[7:] == [("", True), ("h", False), ("i", False), ("", False)]
