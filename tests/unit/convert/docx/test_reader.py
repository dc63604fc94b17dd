"""Word files as rich text: those that cowrite writes and what other programs put into them."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap

from cowrite.convert.docx.reader import from_docx
from cowrite.convert.docx.writer import to_docx
from cowrite.convert.file_read import FileRead
from cowrite.convert.normal import DIVIDER, normal_lines, spans_from
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of
from helpers.wanting import NotWanted, wanted_once
from helpers.word_files import IMAGE, NAMES, PATH, PIXEL, file_of, read, run, words
from unit.convert.docx.test_writer import line, text

PAGE = {"page-break": True}
LINES = [
    line("Plan", header=1),
    line("Beds", header=4),
    line(
        "We ", text("plant", bold=True), text(" and", italic=True, strike=True), text(" water", underline=True), "x",
        text("2", script="super"), text("i", script="sub"), text("run()", code=True), text("red", color="#c02020"),
        text("seen", background="#ffee00"), text("site", link="https://example.org/a?b=c"), ".",
    ),
    line("one", list="ordered"), line("two", list="ordered"), line("deep", list="ordered", indent=1),
    line("again", list="ordered", start=1), line("much later", list="ordered", start=70), line("71", list="ordered"),
    line("dot", list="bullet"), line("deeper", list="bullet", indent=4),
    line("to do", list="unchecked"), line("done", list="checked", indent=8),
    line("never finished", blockquote=True), line("in", blockquote=True, indent=8), line(blockquote=True, indent=1),
    line("def f():", **{"code-block": True}), line("    return 1", **{"code-block": True}),
    line("x, y", **{"code-block": "C++, 100%; old"}), line("in Ruby", **{"code-block": "Ruby"}), line(header=2),
    line("Scope", header=2, list="ordered"), line("Aims", header=3, list="bullet", indent=1), line("text"),
    line("Goal", header=2, list="ordered", start=2), line("Done", header=4, list="checked", indent=1),
    line(text("plain", link="https://example.org"), text("under", link="https://example.org", underline=True)),
    line(text("red", link="https://example.org", color="#c02020", underline=True)),
    Line((DIVIDER,)), line("page", header=1, **PAGE), line("item", list="bullet", **PAGE), Line((DIVIDER,), PAGE),
    line("in the middle", align="center"), line("moved in", indent=2), line("\u05d0\u05d1", direction="rtl"),
    line("first\u2028second\tthird"), line(),
    line(Span(EMBED_CHARACTER, {"alt": "A bed", "width": 200, "link": "https://example.org"}, {"image": IMAGE})),
]  # fmt: skip


def test_what_cowrite_has_written_comes_back_as_it_was():
    found = read(to_docx(LINES, lambda _name: PIXEL, "Plan"))

    assert found == FileRead(spans_from(normal_lines(LINES)), (), ())


STRICT = [
    (rb"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml|drawingml)/2006",
     rb"http://purl.oclc.org/ooxml/\1"),
    (rb'(<w:ind [^<>]*w:)left="720"', rb'\1start="36.00pt"'),
]  # fmt: skip
MAIN = rb"application/vnd\.openxmlformats-officedocument\.wordprocessingml\.document\.main\+xml"


@pytest.mark.parametrize("changes", [
    STRICT, [(rb'(<w:ind [^<>]*w:left="720)"', rb'\1.0000000001"')],
    [(MAIN, b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml")],
    [(MAIN, b"application/vnd.ms-word.document.macroEnabled.main+xml")],
    [(MAIN, b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml")],
])  # fmt: skip
def test_strict_files_templates_and_files_with_macros_are_read_as_any_other(changes):
    usual = to_docx([*LINES, line("half an inch", indent=2)], lambda _name: PIXEL)
    usual = changed(usual, [(rb'(<w:ind [^<>]*w:left=)"1008"', rb'\1"720"')])

    assert read(changed(usual, changes)) == read(usual) != read(changed(usual, [(rb'w:left="720"', b"")]))


def test_a_file_that_names_parts_which_are_not_there_is_read_without_them():
    blip = '<w:r><w:drawing><a:blip xmlns:a="{a}" xmlns:r="{r}" r:embed="lost"/></w:drawing></w:r>'
    blip = blip.format(a=nsmap["a"], r=nsmap["r"])
    kind = f"{nsmap['r']}/image"
    lost = f'<Relationship Id="lost" Type="{kind}" Target="NULL"/><Relationship Id="x" Type="{kind}" Target="#x"/>'
    data = changed(file_of(run("words") + blip), [(b"</Relationships>$", lost.encode() + b"</Relationships>")])

    found = read(data)
    assert (words(found), found.left_out) == ("words\n", ("images that are not in the file",))


def test_a_file_that_does_not_say_what_a_part_is_is_read():
    usual = to_docx([line(Span(EMBED_CHARACTER, {}, {"image": IMAGE}))], lambda _name: PIXEL)
    unsaid = changed(usual, [(rb'<Default Extension="png"[^<>]*/>', b"")])

    assert read(unsaid) == read(usual)


def test_a_part_whose_name_has_no_ending_keeps_nobody_from_the_text():
    usual = to_docx([line(Span(EMBED_CHARACTER, {}, {"image": IMAGE}))], lambda _name: PIXEL)
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(usual)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name.removesuffix(".png"), old.read(name).replace(b"image1.png", b"image1"))

    assert read(stream.getvalue()) == read(usual)


def test_a_file_is_read_no_further_once_nobody_wants_it():
    pictures = []
    lines = [line("a"), line("b"), line("c"), line(Span(EMBED_CHARACTER, {}, {"image": IMAGE}))]
    with pytest.raises(NotWanted):
        from_docx(to_docx(lines, lambda _name: PIXEL), PATH, lambda *picture: pictures.append(picture), wanted_once())
    assert not pictures


def changed(data: bytes, changes: list[tuple[bytes, bytes]]) -> bytes:
    """A file with other words in its parts."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            for pattern, words in changes if part.filename.endswith((".xml", ".rels")) else ():
                content = re.sub(pattern, words, content)
            new.writestr(part.filename, content)
    return stream.getvalue()


DEFINITIONS = """
<w:numbering {names}>
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:pStyle w:val="Inner"/><w:lvlText w:val="%2)"/></w:lvl>
  <w:lvl w:ilvl="2"><w:lvlRestart w:val="0"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Linked"/></w:abstractNum>
<w:abstractNum w:abstractNumId="2">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=" "/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="8"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>
</w:numbering>
"""
STYLES = """
<w:styles {names}>
<w:style w:type="paragraph" w:styleId="Inner"><w:name w:val="Inner"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="numbering" w:styleId="Linked"><w:name w:val="Linked"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>
"""


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("1.0 1.0", [("ordered", 0, 3), ("ordered", 0, None)]),
        ("1.0 text 1.0", [("ordered", 0, 3), (None, 0, None), ("ordered", 0, 4)]),
        ("1.0 2.0 2.0 1.0", [("ordered", 0, 3), ("ordered", 0, 8), ("ordered", 0, None), ("ordered", 0, None)]),
        ("1.0 3.0", [("ordered", 0, 3), ("ordered", 0, None)]),
        ("1.0 style 1.1 1.0 style", [
            ("ordered", 0, 3), ("ordered", 1, None), ("ordered", 1, None), ("ordered", 0, None), ("ordered", 1, None),
        ]),
        ("1.0 1.2 1.0 1.2", [("ordered", 0, 3), ("ordered", 2, None), ("ordered", 0, None), ("ordered", 2, 2)]),
        ("1.1 1.0", [("ordered", 1, None), ("ordered", 0, 4)]),
        ("1.0 4.0 1.0", [("ordered", 0, 3), (None, 1, None), ("ordered", 0, None)]),
        ("1.0 7.0 0.0", [("ordered", 0, 3), (None, 0, None), (None, 0, None)]),
    ],
)  # fmt: skip
def test_items_have_the_numbers_that_word_gives_them(items, expected):
    word = docx.Document()
    numbering = word.part.numbering_part.element
    numbering[:] = list(parse_xml(DEFINITIONS.format(names=NAMES)))
    word.styles.element.extend(list(parse_xml(STYLES.format(names=NAMES))))
    for item in items.split():
        properties = {"text": "", "style": '<w:pStyle w:val="Inner"/>'}.get(item)
        if properties is None:
            id, level = item.split(".")
            properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{id}"/></w:numPr>'
        content = f"<w:p {NAMES}><w:pPr>{properties}</w:pPr>{run(item)}</w:p>"
        word.element.body.sectPr.addprevious(parse_xml(content))
    stream = BytesIO()
    word.save(stream)

    found = [each.attributes for each in lines_of(read(stream.getvalue()).spans)]
    assert [(each.get("list"), each.get("indent", 0), each.get("start")) for each in found] == expected


@pytest.mark.parametrize(
    ("format", "text", "level", "changed"),
    [
        ("decimal", "%1.", 0, False), ("decimal", "(%1)", 0, False), ("lowerLetter", "%2)", 1, False),
        ("lowerRoman", "%3.", 2, False), ("bullet", "o", 0, False), ("none", "", 0, False),
        ("decimal", "Article %1", 0, True), ("upperRoman", "%1.", 0, True), ("decimal", "%1.%2", 1, True),
        ("decimal", "%2.", 1, True), ("none", "Note:", 0, True),
    ],
)  # fmt: skip
def test_that_items_are_numbered_otherwise_than_in_word_is_told(format, text, level, changed):
    word = docx.Document()
    described = f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{described}</w:abstractNum>'
    lists = f'<w:numbering {NAMES}>{numbering}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    word.part.numbering_part.element[:] = list(parse_xml(lists))
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}><w:pPr>{number}</w:pPr>{run('words')}</w:p>"))
    stream = BytesIO()
    word.save(stream)

    assert read(stream.getvalue()).changed == (("numbers of items",) if changed else ())


def test_quotations_rules_and_scripts_are_read_as_libreoffice_writes_them():
    word = docx.Document()
    for id, name, properties in (
        ("BlockQuotation", "Block Quotation", ""),
        ("HorizontalLine", "Horizontal Line", '<w:pBdr><w:bottom w:val="double" w:sz="2"/></w:pBdr>'),
    ):
        named = f'w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>'
        word.styles.element.append(parse_xml(f"<w:style {NAMES} {named}<w:pPr>{properties}</w:pPr></w:style>"))
    lowered, raised, small = '<w:position w:val="-2"/>', '<w:position w:val="8"/>', '<w:sz w:val="19"/>'
    no_rule = '<w:pBdr><w:bottom w:val="none"/></w:pBdr>'
    for content in (
        f'<w:pPr><w:pStyle w:val="BlockQuotation"/></w:pPr>{run("quoted")}',
        '<w:pPr><w:pStyle w:val="HorizontalLine"/></w:pPr>',
        f'<w:pPr><w:pStyle w:val="HorizontalLine"/>{no_rule}</w:pPr>',
        run("H") + run("2", lowered + small) + run("O x") + run("2", raised + small) + run("raised", raised),
    ):
        word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{content}</w:p>"))
    stream = BytesIO()
    word.save(stream)

    assert lines_of(read(stream.getvalue()).spans) == [
        Line((Span("quoted"),), {"blockquote": True}), Line((DIVIDER,)), Line(()),
        Line((Span("H"), Span("2", {"script": "sub"}), Span("O x"), Span("2", {"script": "super"}), Span("raised"))),
    ]  # fmt: skip


def test_links_of_fields_lead_where_they_led_and_their_instructions_are_no_text():
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    asked = '<w:r><w:instrText> HYPERLINK "https://example.org/" </w:instrText></w:r>'
    found = read(file_of(
        f'{run("See ")}{mark("begin")}{asked}{mark("separate")}{run("here")}{mark("end")}{run(".")}',
        f'{mark("begin")}<w:r><w:instrText>HYPERLINK "javascript:x"</w:instrText></w:r>{mark("separate")}{run("no")}',
    ))  # fmt: skip

    assert found.spans[:3] == [Span("See "), Span("here", {"link": "https://example.org/"}), Span(".\nno\n")]


def test_the_text_behind_a_field_that_never_ends_is_not_lost():
    found = read(file_of('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("All of the rest.")))

    assert "All of the rest." in words(found)


def test_what_is_left_out_is_told():
    found = read(file_of(
        f'{run("We")}<w:r><w:commentReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r>',
        "<w:r><w:pict/></w:r>",
        "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>",
    ))  # fmt: skip

    assert words(found) == "We\n\na=b\n"
    assert found.left_out == ("notes", "drawings", "signs of comments that are not in the file")
    assert found.changed == ("formulas",)


def test_looks_of_styles_and_colours_that_say_nothing_are_not_taken_for_the_persons_own():
    found = read(file_of(
        run("a", '<w:color w:val="000000"/><w:sz w:val="22"/><w:u w:val="none"/><w:b w:val="0"/>')
        + run("b", '<w:rStyle w:val="Strong"/>') + run("c", "<w:vanish/>") + run("d", '<w:highlight w:val="green"/>'),
    ))  # fmt: skip

    assert found.spans == [
        Span("a"), Span("b", {"bold": True}), Span("d", {"background": "#00ff00"}), Span("\n"),
    ]  # fmt: skip


def test_a_heading_is_not_bold_twice_where_libreoffice_states_at_its_words_what_its_style_has():
    heading, bold = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>', "<w:b/><w:bCs/>"
    file = file_of(heading + run("as its style", bold) + run("leaning", f"{bold}<w:i/>"), run("own", bold))
    found = read(changed(file, [(rb"(<Application>)[^<]*", rb"\1LibreOffice/24.2.7.2$Linux_X86_64")]))

    assert found.spans == [
        Span("as its style"), Span("leaning", {"italic": True}), Span("\n", {"header": 1}),
        Span("own", {"bold": True}), Span("\n"),
    ]  # fmt: skip


def test_the_bold_words_of_a_heading_that_cowrite_has_written_are_bold_when_it_is_read():
    heading = line(text("Beds", bold=True), " and ", text("pots", bold=True, italic=True), header=1)
    found = read(to_docx([heading], lambda _name: PIXEL))

    assert found == FileRead(spans_from(normal_lines([heading])), (), ())


def test_fonts_and_sizes_come_in_that_somebody_has_set_and_not_those_of_styles_or_of_other_fonts():
    arial, mono = '<w:rFonts w:ascii="Arial"/>', '<w:rFonts w:ascii="Courier New"/><w:sz w:val="40"/>'
    found = read(file_of(
        run("a", '<w:rFonts w:ascii="GEORGIA"/><w:sz w:val="29"/>') + run("b", f'{arial}<w:sz w:val="x"/>')
        + run("c", '<w:rFonts w:ascii="Amiri"/><w:sz w:val="99999"/>')
        + run("d", '<w:rFonts w:ascii="Arial" w:asciiTheme="minorHAnsi"/>') + run("e", mono)
        + run("f", '<w:position w:val="6"/><w:sz w:val="14"/>'),
        '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' + run("as its style", '<w:sz w:val="28"/>')
        + run("other", '<w:sz w:val="22"/>'),
    ))  # fmt: skip

    assert found.spans == [
        Span("a", {"font": "serif", "size": "14.5pt"}), Span("b", {"font": "sans-serif"}), Span("cd"),
        Span("e", {"code": True}), Span("f", {"script": "super"}), Span("\nas its style"),
        Span("other", {"size": "11pt"}), Span("\n", {"header": 1}),
    ]  # fmt: skip
    assert read(to_docx([Line((*found.spans[:5],))], lambda _name: PIXEL, "")).spans[:5] == found.spans[:5]
