"""Rich text as a Word document, read back by python-docx."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.parts.story import StoryPart

from cowrite.convert.bare_pictures import without_metadata
from cowrite.convert.docx.reader import from_docx
from cowrite.convert.docx.writer import to_docx
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of
from helpers.counting import counted
from helpers.telling_pictures import telling
from helpers.word_files import IMAGE, PIXEL


def word(*lines: Line, png: bytes | None = PIXEL) -> docx.document.Document:
    return docx.Document(BytesIO(to_docx(lines, lambda _name: png, "Plan")))


def text(words: str, **attributes: object) -> Span:
    return Span(words, attributes)


def line(*spans: Span | str, **block: object) -> Line:
    return Line(tuple(each if isinstance(each, Span) else Span(each) for each in spans), block)


def test_headings_are_words_own_so_that_its_outline_works():
    file = word(line("Plan", header=1), line("Beds", header=2), line("text"))

    assert [(each.text, each.style.name) for each in file.paragraphs] == [
        ("Plan", "Heading 1"), ("Beds", "Heading 2"), ("text", "Normal"),
    ]  # fmt: skip
    assert file.core_properties.title == "Plan"


def test_who_made_the_file_is_not_said_but_when():
    facts = word(line("text")).core_properties
    assert (facts.author, facts.last_modified_by) == ("", "")
    assert abs(datetime.now(UTC) - facts.created) < timedelta(minutes=5)
    package = zipfile.ZipFile(BytesIO(to_docx([line("text")], lambda _name: None, "Plan")))
    assert {name for name in package.namelist() if name.startswith("docProps")} == {"docProps/core.xml"}


def test_lists_are_words_own_and_nest():
    file = word(
        line("one", list="bullet"), line("below", list="bullet", indent=1), line("far", list="bullet", indent=4),
        line("done", list="checked"),
    )  # fmt: skip

    assert [each.style.name for each in file.paragraphs[:3]] == ["List Bullet", "List Bullet 2", "List Bullet 3"]
    assert file.paragraphs[2].paragraph_format.left_indent > file.paragraphs[3].paragraph_format.left_indent
    assert file.paragraphs[3].text == "☑ done"


def test_items_stand_close_to_each_other_whatever_their_levels_and_boxes():
    bullet, checked = {"list": "bullet"}, {"list": "checked"}
    file = word(
        line("one", **bullet), line("two", **bullet), line("in", **bullet, indent=1), line("out", **bullet),
        line("done", **checked), line("too", **checked), line("text"), line("last", **checked),
    )  # fmt: skip
    closed = [each.text.split()[-1] for each in file.paragraphs if each.paragraph_format.space_after == 0]
    assert closed == ["two", "in", "out", "done"]  # between items of one style Word leaves no room anyway


def test_a_list_begins_anew_where_its_numbers_do():
    file = word(
        line("a", list="ordered"), line("b", list="ordered"), line("between"), line("c", list="ordered"),
    )  # fmt: skip
    numbering = [each._p.pPr.numPr.numId.val for each in file.paragraphs if each.style.name == "List Number"]

    assert numbering[0] == numbering[1] != numbering[2]


def test_lists_have_the_levels_of_word_and_go_on_counting_behind_deeper_ones():
    depths = [0, 1, 3, 4, 3, 0]
    file = word(*(line("a", list="ordered", indent=depth) for depth in depths), line("b", list="bullet", indent=8))
    *items, bullet = [each._p.pPr.numPr for each in file.paragraphs]
    lists = [each.numId.val for each in items]

    assert [each.ilvl.val for each in (*items, bullet)] == [*depths, 8]
    assert (lists[0], lists[2]) == (lists[5], lists[4])
    assert len({*lists, bullet.numId.val}) == 5


def test_marks_are_kept():
    spans = (
        text("b", bold=True), text("i", italic=True), text("u", underline=True), text("s", strike=True),
        text("c", code=True), text("p", script="super"), text("r", color="#c4314b"), text("h", background="#fdf0b3"),
        text("z", size="20pt"), text("f", font="serif"),
    )  # fmt: skip
    runs = {run.text: run.font for run in word(line(*spans)).paragraphs[0].runs}

    assert (runs["b"].bold, runs["i"].italic, runs["u"].underline, runs["s"].strike) == (True, True, True, True)
    assert (runs["c"].name, runs["p"].superscript, runs["z"].size.pt) == ("Courier New", True, 20)
    assert runs["f"].name == "Georgia"
    assert str(runs["r"].color.rgb) == "C4314B"
    assert 'w:fill="FDF0B3"' in runs["h"]._element.xml


def test_a_link_leads_where_it_did():
    (link,) = word(line("see ", text("here", link="https://example.org/a?b=1"))).paragraphs[0].hyperlinks

    assert (link.text, link.url) == ("here", "https://example.org/a?b=1")


def test_images_come_along_with_their_description_and_no_wider_than_the_page():
    span = Span(EMBED_CHARACTER, {"alt": "a bed", "width": 5000}, {"image": IMAGE})
    (shape,) = word(line(span)).inline_shapes

    assert shape.width.inches == pytest.approx(6.0)
    assert shape._inline.docPr.get("descr") == "a bed"
    assert [shape._inline.get(f"dist{side}") for side in "TBLR"] == ["0"] * 4  # LibreOffice adds one where none is said


def test_a_picture_that_stands_in_a_text_twice_is_one_file_and_each_place_has_a_number_of_its_own(monkeypatch):
    numbers = counted(monkeypatch, StoryPart, "new_pic_inline")  # which goes through all of the document
    spans = [Span(EMBED_CHARACTER, {}, {"image": IMAGE}), Span(" and "), Span(EMBED_CHARACTER, {}, {"image": IMAGE})]
    data = to_docx([Line(tuple(spans))], lambda _name: PIXEL)
    shapes = docx.Document(BytesIO(data)).inline_shapes
    assert len({shape._inline.docPr.id for shape in shapes}) == 2
    assert [name for name in zipfile.ZipFile(BytesIO(data)).namelist() if "media" in name] == ["word/media/image1.png"]
    assert not numbers


def test_a_photo_is_in_the_file_to_the_byte_when_what_its_camera_has_told_is_taken_out():
    grey, scan = b"\x08\0\x02\0\x03\x01\x01\x11\0", b"\x01\x01\0\0\x3f\0"  # two dots high, three wide
    photo = without_metadata(telling(b"\xff\xd8\xff\xc0\0\x0b" + grey + b"\xff\xda\0\x08" + scan + b"\0\xff\xd9"))
    data = to_docx([line(Span(EMBED_CHARACTER, {}, {"image": IMAGE}))], lambda _name: photo)

    (shape,) = docx.Document(BytesIO(data)).inline_shapes
    assert shape.width / shape.height == pytest.approx(3 / 2)
    assert zipfile.ZipFile(BytesIO(data)).read("word/media/image1.jpg") == photo


@pytest.mark.parametrize("png", [None, b"no picture"])
def test_an_image_that_is_not_here_is_its_description(png):
    span = Span(EMBED_CHARACTER, {"alt": "a bed"}, {"image": IMAGE})

    assert word(line(span), png=png).paragraphs[0].text == "a bed"


def test_alignment_direction_quotes_and_code_are_kept():
    file = word(
        line("middle", align="center"), line("שלום", direction="rtl"), line("said", blockquote=True),
        line("x = 1", **{"code-block": "python"}), Line((Span(EMBED_CHARACTER, embed={"divider": True}),)),
    )  # fmt: skip
    middle, right, said, code, rule = file.paragraphs

    assert middle.alignment is WD_ALIGN_PARAGRAPH.CENTER
    assert "<w:bidi/>" in right._p.xml
    assert right.runs[0].font.rtl
    assert (said.style.name, code.style.name, code.runs[0].font.name) == (
        "Quote", "Source Code (python)", "Courier New",
    )  # fmt: skip
    assert code.style.base_style.name == "Source Code"
    assert "<w:pBdr>" in rule._p.xml


def test_code_has_a_ground_of_its_own_in_word_which_is_no_highlight_of_its_words():
    lines = [line("x = 1", **{"code-block": "python"}), line("y = 2", **{"code-block": True})]
    style = word(*lines).styles["Source Code"].element
    assert '<w:shd w:val="clear" w:color="auto" w:fill="F2F2EF"/>' in style.xml
    read = lines_of(from_docx(to_docx(lines, lambda _name: None), Path("plan.docx")).spans)
    assert [each.attributes for each in read if each.spans] == [{"code-block": "python"}, {"code-block": True}]
    assert all("background" not in span.attributes for each in read for span in each.spans)


def test_lists_in_a_quotation_are_part_of_it_in_word_and_read_again():
    lines = [
        line("item", list="bullet", blockquote=True), line("within", list="ordered", indent=1, blockquote=True),
        line("to do", list="unchecked", blockquote=True), line("item", list="bullet"),
    ]  # fmt: skip

    assert [each.style.name for each in word(*lines).paragraphs] == ["Quote", "Quote", "Quote", "List Bullet"]
    read = lines_of(from_docx(to_docx(lines, lambda _name: None), Path("plan.docx")).spans)
    assert [each.attributes for each in read] == [each.attributes for each in lines]


def test_word_is_told_what_is_read_from_right_to_left_for_it_does_not_look_at_the_letters():
    file = word(
        line("שלום ", text("cowrite", link="https://example.org")), line("see שלום"), line("שלום", direction="ltr"),
        line("שלום", align="left"), line("שלום", align="right"),
    )  # fmt: skip
    by_letters, not_first, stated, left, right = file.paragraphs

    assert "<w:bidi/>" in by_letters._p.xml
    assert by_letters.runs[0].font.rtl
    assert by_letters._p.xml.count("<w:rtl/>") == 1
    assert "w:bidi" not in not_first._p.xml
    assert '<w:bidi w:val="0"/>' in stated._p.xml
    # Word's right is the side where such a line ends.
    assert (left.alignment, right.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, None)


def test_arabic_and_hebrew_letters_have_the_look_of_the_others():
    look = {"bold": True, "italic": True, "size": "20pt", "font": "Amiri"}
    (run,) = word(line(text("سلام", **look))).paragraphs[0].runs

    assert (run.font.cs_bold, run.font.cs_italic) == (True, True)
    assert '<w:szCs w:val="40"/>' in run._r.xml
    assert 'w:cs="Amiri"' in run._r.xml


def test_what_xml_cannot_hold_does_not_break_the_file():
    assert word(line("a\x00b\ud800c\ufffed")).paragraphs[0].text.startswith("ab")
