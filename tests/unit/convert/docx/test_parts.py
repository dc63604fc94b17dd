"""What Word files hold beside plain paragraphs and tables: pictures, links, breaks, symbols, and what is left out."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cowrite.convert.file_read import READINGS, FileRead
from cowrite.convert.normal import DIVIDER
from cowrite.core.text.richtext import EMBED_CHARACTER, INSERTION, Line, Span, lines_of, plain_text
from helpers.word_files import IMAGE, NAMES, PIXEL, file_of, read, run, tracked, words

DRAWING = nsdecls("w", "wp", "a", "pic", "r")


def body(*elements: str) -> bytes:
    """A file with these elements in its body."""
    word = docx.Document()
    for each in elements:
        word.element.body.sectPr.addprevious(parse_xml(each))
    return saved(word)


def saved(word) -> bytes:
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def table(*rows: str, names: str = NAMES) -> str:
    return f"<w:tbl {names}>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(f'<w:p>{each}</w:p>' for each in paragraphs)}</w:tc>"


def texts(found: FileRead) -> list[str]:
    return ["".join(span.text for span in line.spans) for line in lines_of(found.spans)]


# Pictures


def picture(relation: str, *, link: str = "") -> str:
    click = f'<a:hlinkClick r:id="{link}"/>' if link else ""
    shown = f"<a:graphicData><pic:pic><pic:blipFill><a:blip {relation}/></pic:blipFill></pic:pic></a:graphicData>"
    told = f'<wp:extent cx="952500" cy="952500"/><wp:docPr id="1" name="P" descr="A bed">{click}</wp:docPr>'
    inline = f"<wp:inline>{told}<a:graphic>{shown}</a:graphic></wp:inline>"
    return f"<w:p {DRAWING}><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>"


def test_a_picture_that_is_linked_to_is_told_apart_from_one_of_another_kind():
    word = docx.Document()
    relation = word.part.relate_to("https://example.org/a.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    for each in (picture(f'r:link="{relation}"'), picture(f'r:embed="" r:link="{relation}"'), picture("")):
        word.element.body.sectPr.addprevious(parse_xml(each))

    assert read(saved(word)).left_out == ("images that are not in the file", "drawings")


def test_a_picture_leads_where_word_says_and_is_known_by_how_it_begins():
    word = docx.Document()
    image, _ = word.part.get_or_add_image(BytesIO(PIXEL))
    word.part.related_parts[image]._content_type = "image/jpg"
    link = word.part.relate_to("https://example.org/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    word.element.body.sectPr.addprevious(parse_xml(picture(f'r:embed="{image}"', link=link)))

    shown = {"alt": "A bed", "width": 100, "link": "https://example.org/"}
    assert lines_of(read(saved(word)).spans) == [Line((Span(EMBED_CHARACTER, shown, {"image": IMAGE}),))]


def test_a_line_that_is_drawn_across_the_page_is_a_divider():
    names = f'{NAMES} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    rule = '<w:r><w:pict><v:rect style="width:0;height:1.5pt" o:hr="t"/></w:pict></w:r>'
    row = cell(run("a"), rule) + cell(run("b") + rule)
    found = read(body(f"<w:p {names}>{run('x')}{rule}</w:p>", table(row, names=names)))

    assert lines_of(found.spans)[:2] == [Line((Span("x"),)), Line((DIVIDER,))]
    assert texts(found)[2:] == ["a", "b", ""]
    assert found.left_out == ()


# Breaks, symbols, links


BREAK = '<w:r><w:br w:type="page"/></w:r>'
BEFORE = "<w:pPr><w:pageBreakBefore/></w:pPr>"
SECTION = '<w:pPr><w:sectPr><w:type w:val="{}"/></w:sectPr></w:pPr>'


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ((run("a"), BEFORE + run("b")), ["a", "|b"]),
        ((run("a") + BREAK, run("b")), ["a", "|b"]),
        ((run("a"), BREAK + run("b")), ["a", "|b"]),
        ((run("a"), BREAK, run("b")), ["a", "|b"]),
        ((run("a"), BREAK, BEFORE + run("b")), ["a", "|b"]),
        ((run("a") + BREAK + run("b") + BREAK + run("c"),), ["a", "|b", "|c"]),
        ((run("a"), BREAK, BREAK, run("b")), ["a", "|", "|b"]),
        ((run("a"), BREAK), ["a", "|"]),
        ((run("a"), f"<w:del w:id='1' w:author='Bo'>{BREAK}</w:del>" + run("b")), ["a", "b"]),
        ((run("a") + '<w:r><w:br w:type="column"/></w:r>' + run("b"),), ["a\u2028b"]),
        ((BEFORE + run("a"), run("b")), ["a", "b"]),
        ((SECTION.format("continuous") + run("a"), SECTION.format("oddPage") + run("b"), run("c")), ["a", "|b", "|c"]),
        (
            (run("a"), SECTION.format("nextPage") + run("b"), SECTION.format("continuous") + run("c"), run("d")),
            ["a", "b", "c", "|d"],
        ),
    ],
)
def test_a_page_begins_where_a_word_file_has_it(paragraphs, expected):
    read_lines = lines_of(read(file_of(*paragraphs)).spans)
    shown = ["|" * ("page-break" in each.attributes) + plain_text(each.spans) for each in read_lines]
    assert shown == expected


def test_a_page_begins_by_a_style_and_within_an_item_and_above_a_table():
    word = docx.Document()
    style = '<w:name w:val="heading 1"/><w:pPr><w:pageBreakBefore/></w:pPr>'
    word.styles.element.append(parse_xml(f'<w:style {NAMES} w:type="paragraph" w:styleId="New">{style}</w:style>'))
    item = '<w:pPr><w:pStyle w:val="ListBullet"/></w:pPr>'
    off = '<w:pPr><w:pStyle w:val="New"/><w:pageBreakBefore w:val="0"/></w:pPr>'
    for each in (
        '<w:pPr><w:pStyle w:val="New"/></w:pPr>' + run("a"),
        off + run("b"),
        item + run("c") + BREAK + run("d"),
    ):
        word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{run('x')}</w:p>"))
        word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{each}</w:p>"))
    word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{BREAK}</w:p>"))
    word.element.body.sectPr.addprevious(parse_xml(table(cell(run("e") + BREAK + run("f")) + cell(run("g")))))
    lines = [(plain_text(each.spans), dict(each.attributes)) for each in lines_of(read(saved(word)).spans)]
    page = {"page-break": True}
    assert lines[1:6:2] == [("a", {"header": 1, **page}), ("b", {"header": 1}), ("c", {"list": "bullet"})]
    assert lines[6:8] == [("d", {"indent": 1, **page}), ("", page)]
    assert [(text, "page-break" in block) for text, block in lines[8:]] == [
        ("e\u2028f", False),
        ("g", False),
        ("", False),
    ]


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Wingdings", "F04A", "☺"), ("Wingdings", "F0FE", "☑"), ("Symbol", "F061", "α"), ("Symbol", "f0b3", "≥"),
        ("Segoe UI Symbol", "2610", "☐"), ("Arial", "0041", "A"),
    ],
)  # fmt: skip
def test_a_symbol_is_the_character_that_its_font_shows(font, code, shown):
    found = read(file_of(f'{run("x")}<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'))
    assert (words(found), found.left_out) == (f"x{shown}\n", ())


@pytest.mark.parametrize(
    ("font", "code"), [("Webdings", "F099"), ("Arial", "D800"), ("Arial", "0000"), ("A", "x"), ("", "")]
)
def test_a_symbol_that_nobody_knows_is_left_out_and_that_is_told(font, code):
    found = read(file_of(f'{run("x")}<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'))
    assert (words(found), found.left_out) == ("x\n", ("symbols",))


def test_links_lead_to_a_place_on_a_page_and_none_leads_to_a_place_within_the_file():
    def field(instructions: str) -> str:
        return f"<w:fldSimple w:instr='{instructions}'>{run('here')}</w:fldSimple>"

    word = docx.Document()
    relation = word.part.relate_to("https://example.org/a", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    names = nsdecls("w", "r")
    for content in (
        f'<w:hyperlink r:id="{relation}" w:anchor="part">{run("here")}</w:hyperlink>',
        f'<w:hyperlink w:anchor="part">{run("here")}</w:hyperlink>',
        field('HYPERLINK "https://example.org/b" \\l "part"'), field('HYPERLINK \\l "_Toc12"'), field("REF x \\h"),
    ):  # fmt: skip
        word.element.body.sectPr.addprevious(parse_xml(f"<w:p {names}>{content}</w:p>"))

    links = [line.spans[0].attributes.get("link") for line in lines_of(read(saved(word)).spans)]
    assert links == ["https://example.org/a#part", None, "https://example.org/b#part", None, None]


def test_a_link_is_underlined_where_somebody_has_done_so_and_not_where_a_program_draws_it_so():
    word = docx.Document()
    look = '<w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr>'
    word.styles.element.append(parse_xml(f'<w:style {NAMES} w:type="character" w:styleId="L">{look}</w:style>'))
    line, none, style = '<w:u w:val="single"/>', '<w:u w:val="none"/>', '<w:rStyle w:val="L"/>'
    runs = "".join(run(str(at), each) for at, each in enumerate((style, style + line, style + none, line)))
    linked = f"<w:fldSimple w:instr=' HYPERLINK \"https://example.org\" '>{runs}</w:fldSimple>"
    within = f'<w:hyperlink w:anchor="part">{run("a", style)}{run("b", style + line)}</w:hyperlink>'
    word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{linked}{within}</w:p>"))

    assert [span.text for span in read(saved(word)).spans if span.attributes.get("underline")] == ["1", "b"]


def test_a_paragraph_runs_from_the_right_where_its_style_does():
    word = docx.Document()
    word.styles["Normal"].element.get_or_add_pPr().append(parse_xml(f"<w:bidi {NAMES}/>"))
    left, right, wide = '<w:bidi w:val="0"/>', '<w:jc w:val="right"/>', '<w:jc w:val="lowKashida"/>'
    texts = (
        ("", "x"), (left, "x"), ('<w:pStyle w:val="Heading1"/>', "x"), (left, "א"), ("", "א"), (right, "א"),
        (wide, "א"),
    )  # fmt: skip
    for own, letters in texts:
        word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}><w:pPr>{own}</w:pPr>{run(letters)}</w:p>"))
    lines = lines_of(read(saved(word)).spans)

    assert [line.attributes.get("direction") for line in lines] == ["rtl", None, "rtl", "ltr", *[None] * 3]
    assert [line.attributes.get("align") for line in lines] == [*[None] * 5, "left", "justify"]


def test_a_paragraph_looks_and_stands_as_its_styles_say_unless_they_are_known_by_name():
    word = docx.Document()
    word.styles.element.extend(parse_xml(f"""<w:styles {NAMES}>
        <w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:pPr><w:jc w:val="center"/></w:pPr>
            <w:rPr><w:b/><w:i/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/>
            <w:rPr><w:i w:val="0"/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="C"><w:name w:val="heading 6"/><w:basedOn w:val="A"/></w:style>
        </w:styles>"""))  # fmt: skip
    plain = '<w:jc w:val="left"/>'
    for own, content in (("A", run("x")), ("B", run("x", "<w:i/>") + run("y", '<w:b w:val="0"/>')), ("C", run("x"))):
        for more in ("", plain):
            style = f'<w:pStyle w:val="{own}"/>{more}'
            word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}><w:pPr>{style}</w:pPr>{content}</w:p>"))
    lines = lines_of(read(saved(word)).spans)

    both, bold = {"bold": True, "italic": True}, (Span("x", {"bold": True, "italic": True}), Span("y"))
    assert [line.spans for line in lines[::2]] == [(Span("x", both),), bold, (Span("x"),)]
    assert [line.attributes for line in lines] == [
        {"align": "center"}, {}, {"align": "center"}, {}, {"header": 6}, {"header": 6},
    ]  # fmt: skip


# Text boxes


def boxed(*paragraphs: str) -> str:
    return f"<w:txbxContent>{''.join(f'<w:p>{each}</w:p>' for each in paragraphs)}</w:txbxContent>"


def test_no_more_styles_that_stand_on_each_other_are_followed_than_any_program_writes():
    word = docx.Document()
    for at in range(1000):
        look = f'<w:basedOn w:val="S{at + 1}"/><w:rPr>{"<w:b/>" if at == 9 else "<w:i/>" if at == 99 else ""}</w:rPr>'
        style = f'<w:style {NAMES} w:type="paragraph" w:styleId="S{at}"><w:name w:val="S{at}"/>{look}</w:style>'
        word.styles.element.append(parse_xml(style))
    paragraph = f'<w:p {NAMES}><w:pPr><w:pStyle w:val="S0"/></w:pPr>{run("words")}</w:p>'
    word.element.body.sectPr.addprevious(parse_xml(paragraph))
    assert read(saved(word)).spans == [Span("words", {"bold": True}), Span("\n")]


def test_of_what_a_file_says_twice_the_first_is_read_and_readings_above_characters_are_told():
    ruby = f"<w:r><w:ruby><w:rt>{run('とうきょう')}</w:rt><w:rubyBase>{run('東京')}</w:rubyBase></w:ruby></w:r>"
    names = f'{NAMES} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:Choice><w:p>{ruby}</w:p></mc:Choice><mc:Fallback><w:p>{run('again')}</w:p></mc:Fallback>"

    found = read(body(f"<mc:AlternateContent {names}>{both}</mc:AlternateContent>"))
    assert (texts(found), found.left_out) == (["東京"], ("the readings above characters",))


def test_large_letters_with_which_a_paragraph_begins_are_its_letters():
    large = '<w:pPr><w:framePr w:dropCap="{}"/></w:pPr>' + run("O", '<w:position w:val="-12"/><w:sz w:val="112"/>')
    rest = run("nce", "<w:b/>")

    found = read(body(
        f"<w:p {NAMES}>{large.format('drop')}</w:p>", f"<w:p {NAMES}><w:pPr><w:jc w:val='center'/></w:pPr>{rest}</w:p>",
        f"<w:p {NAMES}>{large.format('none')}</w:p>", f"<w:p {NAMES}>{large.format('margin')}</w:p>", table(cell("")),
        f"<w:p {NAMES}>{large.format('margin')}</w:p>",
    ))  # fmt: skip
    assert lines_of(found.spans)[0] == Line((Span("O"), Span("nce", {"bold": True})), {"align": "center"})
    assert texts(found)[1:] == ["O", "O", "O"]


@pytest.mark.parametrize(("data", "shown"), [
    ('<w:checkBox><w:default w:val="0"/></w:checkBox>', "☐"), ('<w:checkBox><w:default w:val="1"/></w:checkBox>', "☑"),
    ('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>', "☐"),
    ("<w:checkBox><w:checked/></w:checkBox>", "☑"),
    ('<w:ddList><w:result w:val="1"/><w:listEntry w:val="red"/><w:listEntry w:val="blue"/></w:ddList>', "blue"),
    ('<w:ddList><w:result w:val="7"/><w:listEntry w:val="red"/></w:ddList>', ""), ("<w:textInput/>", ""),
])  # fmt: skip
def test_the_boxes_and_choices_of_a_form_are_what_they_show(data, shown):
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
    rest = '<w:r><w:instrText> FORM </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    hidden = begin.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")

    found = read(body(f"<w:p {NAMES}>{run('a ')}{begin}{rest}{hidden}{rest}{run(' b')}</w:p>"))
    assert texts(found) == [f"a {shown} b"]


def test_what_is_in_a_text_box_follows_the_paragraph_in_which_it_is_anchored_and_that_is_told():
    names = f'{NAMES} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    old = f"<w:pict>{boxed(run('Note'), run('two'))}</w:pict>"
    new = f"<w:drawing>{boxed(run('Note'), run('two'))}</w:drawing>"
    choices = f"<mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
    either = f"<w:r><mc:AlternateContent>{choices}</mc:AlternateContent></w:r>"
    nested = f"<w:r><w:drawing>{boxed(run('outer') + f'<w:r>{old}</w:r>')}{boxed(run('beside'))}</w:drawing></w:r>"
    found = read(body(
        f"<w:p {names}>{run('Be')}{either}{run('fore')}</w:p>",
        f"<w:p {names}><w:r>{old}</w:r></w:p>",
        f"<w:p {names}>{nested}{run('last')}</w:p>",
    ))  # fmt: skip

    assert texts(found) == ["Before", "Note", "two", "", "Note", "two", "last", "outer", "Note", "two", "beside"]
    assert (found.changed, found.left_out) == (("text boxes",), ())


def test_a_text_box_in_a_cell_is_a_part_of_the_row_and_one_that_is_tracked_is_suggested():
    box = f"<w:r><w:pict>{boxed(run('boxed'))}</w:pict></w:r>"
    row, suggested = cell("<w:r/>") + cell(run("a") + box), tracked("ins", box) + run("b")
    found = read(body(table(row), f"<w:p {NAMES}>{suggested}</w:p>", f"<w:p {NAMES}>{run('end')}</w:p>"))

    assert texts(found) == ["", "", "a\u2028boxed", "b", "boxed", "end"]
    assert found.spans[-2:] == [Span("boxed\n", {INSERTION: "change:1"}), Span("end\n")]


# Left out


def test_a_formula_comes_in_beside_paragraphs_and_within_them():
    formula = "<m:oMath><m:r><m:t>y=1</m:t></m:r></m:oMath>"
    beside = f"<m:oMathPara {NAMES}>{formula}{formula}</m:oMathPara>"
    found = read(body(beside, f"<w:p {NAMES}>{run('so ')}{formula}</w:p>"))
    assert (texts(found), found.changed) == (["y=1\u2028y=1", "so y=1"], ("formulas",))


def test_a_document_that_a_master_document_only_refers_to_is_told():
    found = read(body(f'<w:p {NAMES}>{run("Part one")}<w:subDoc {nsdecls("r")} r:id="none"/></w:p>'))
    assert (texts(found), found.left_out) == (["Part one"], ("parts that are files of their own",))


def test_words_are_hidden_by_the_style_of_their_paragraph_unless_they_say_otherwise():
    word = docx.Document()
    named = '<w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr>'
    word.styles.element.append(parse_xml(f'<w:style {NAMES} w:type="paragraph" w:styleId="Gone">{named}</w:style>'))
    style = '<w:pPr><w:pStyle w:val="Gone"/></w:pPr>'
    content = style + run("secret") + run("seen", '<w:vanish w:val="0"/>')
    word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{content}</w:p>"))
    found = read(saved(word))
    assert (words(found), found.left_out) == ("seen\n", ("hidden words",))


@pytest.mark.parametrize(("instructions", "shown"), [
    (" MACROBUTTON NoMacro [Name and address] ", "[Name and address]"), (' SYMBOL 169 \\f "Arial" ', "©"),
    (' SYMBOL 254 \\f "Wingdings" \\s 10 ', "☑"), (" SYMBOL 99999999 ", ""), (" PAGE ", ""), (' XE "secret" ', ""),
])  # fmt: skip
def test_a_field_without_a_result_is_what_word_shows_for_it(instructions, shown):
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    asked = f"<w:r><w:instrText>{instructions}</w:instrText></w:r>"
    found = read(body(f"<w:p {NAMES}>{run('a ')}{begin}{asked}{end}{run(' b')}</w:p>"))
    assert texts(found) == [f"a {shown} b"]


@pytest.mark.parametrize(("instructions", "shown", "told"), [
    (r"EQ \f(a+b,2)", "(a+b)/2", "formulas"), (r"eq \r(3,x\s\up8(2)) ", "3√(x^2)", "formulas"),
    (r"EQ \b\bc\[(\f(1;n))", "[1/n]", "formulas"), (r"EQ \i\su(k=1,n,f(k, 2))", "∑_(k=1)^n f(k, 2)", "formulas"),
    (r"EQ \l(a\,b,c)", "a,b,c", "formulas"), (r"EQ \x(\a\al\co2(1,2,3,4))", "1; 2; 3; 4", "formulas"),
    (r"eq \o\ac(○,12)", "12", ""), (r"EQ \f(1,", "1/", "formulas"), ("EQ " + r"\x(" * 99 + "deep", None, "formulas"),
    (r'EQ \* jc2 \* "Font:MS Mincho" \* hps10 \o\ad(\s\up 9(とうきょう),東京)', "東京", READINGS),
])  # fmt: skip
def test_an_equation_field_is_what_people_would_type_for_it(instructions, shown, told):
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    asked = f"<w:r><w:instrText>{instructions}</w:instrText></w:r>"
    found = read(body(f"<w:p {NAMES}>{run('a ')}{begin}{asked}{end}{run(' b')}</w:p>"))

    assert texts(found) == [f"a {shown} b"] if shown is not None else "deep b" in texts(found)[0]
    assert [*found.changed, *found.left_out] == [told] * bool(told)


def test_what_is_hidden_or_stands_around_the_text_is_told():
    word = docx.Document()
    named = '<w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr>'
    style = f'<w:style {NAMES} w:type="character" w:styleId="Gone">{named}</w:style>'
    word.styles.element.append(parse_xml(style))
    word.sections[0].footer.paragraphs[0].text = "page 1"
    list_id = word.styles["List Number"].element.pPr.numPr.numId.val
    numbered = f'<w:pStyle w:val="Heading1"/><w:numPr><w:numId w:val="{list_id}"/></w:numPr>'
    hidden = run("secret", '<w:rStyle w:val="Gone"/>')
    for content in (f"<w:pPr>{numbered}</w:pPr>{run('Scope')}", run("seen") + hidden):
        word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{content}</w:p>"))
    word.element.body.sectPr.addprevious(parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="none"/>'))
    found = read(saved(word))

    assert words(found) == "Scope\nseen\n"
    assert set(found.left_out) == {
        "hidden words", "headers and footers", "parts that are files of their own", "the numbers of headings",
    }  # fmt: skip
