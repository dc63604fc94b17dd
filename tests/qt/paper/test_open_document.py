"""A document as an OpenDocument text."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QImage

from cowrite.app.files.export import export_lines
from cowrite.app.paper.open_document import open_document
from cowrite.app.paper.paper import laid_out
from cowrite.convert.docx.reader import from_docx
from cowrite.convert.html.writer import to_html
from cowrite.convert.odt.reader import from_odt
from cowrite.core.text.richtext import Line, Span, lines_of, plain_text
from cowrite.sync.blob import Blob
from helpers.exported import LINES, NAME, picture


def test_pictures_go_into_an_open_document_as_the_files_that_they_are(qapp, tmp_path):
    photo, content = QImage(30, 20, QImage.Format.Format_RGB32), QBuffer()
    photo.fill(Qt.GlobalColor.red)
    photo.save(content, "JPEG")
    files = {NAME: Blob("image/jpeg", content.data().data()), f"sha256:{'b' * 64}": picture(NAME)}
    lines = [Line((Span("", embed={"image": name}),)) for name in (*files, f"sha256:{'c' * 64}")]
    export_lines(lines, files.get, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        kept = {name: file.read(name) for name in file.namelist() if name.startswith("Pictures/")}
        listed, body = file.read("META-INF/manifest.xml").decode(), file.read("content.xml").decode()
    shown = re.findall(r'width="([^"]*)"[^<>]*><draw:image xlink:href="([^"]*)"', body)
    assert [(float(width.removesuffix("pt")), kept[name]) for width, name in shown] == [
        (22.5, files[NAME].data), (1.5, picture(NAME).data),
    ]  # fmt: skip
    kinds = dict(re.findall(r'media-type="(image/[^"]*)" manifest:full-path="([^"]*)"', listed))
    assert kinds == {"image/jpeg": shown[0][1], "image/png": shown[1][1]}


def test_in_open_document_a_list_goes_on_counting_and_lines_run_from_the_right(qapp, tmp_path):
    item = {"list": "ordered"}
    texts = (
        ("one", item), ("more", {"indent": 1}), ("two", item), ("below", item | {"indent": 1}), ("three", item),
        ("", {}), ("seven", item | {"start": 7}), ("eight", item), ("", {}), ("deep", item | {"indent": 2}),
    )  # fmt: skip
    lines = [Line((Span(text),), block) for text, block in (*texts, ("שלום", {"direction": "rtl"}))]
    export_lines(lines, picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        content, manifest = file.read("content.xml").decode(), file.read("META-INF/manifest.xml").decode()
        styles = file.read("styles.xml").decode()
    assert re.findall(r'text:start-value="(\d+)"', content) == ["2", "7"]
    assert not re.search(r"<text:list>", content), "LibreOffice shows bullets where an outer list has no style"
    assert content.count('style:writing-mode="rl-tb"') == 1
    assert 'style:font-size-complex="11pt"' in styles
    assert 'style:font-size-asian="11pt"' in styles
    assert content.count('fo:margin-left="36pt"') == 1
    assert "styles.xml" in manifest


def test_in_open_document_a_box_stands_in_the_place_of_the_bullet(qapp, tmp_path):
    kinds = ("bullet", "checked", "unchecked", "ordered")
    lines = [Line((Span(kind),), {"list": kind, "indent": indent}) for indent in (0, 2) for kind in kinds]
    export_lines(lines, picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        content = ET.fromstring(file.read("content.xml"))
    text, style = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("text", "style"))
    shown = {}
    for item in content.iter(f"{text}list-item"):
        words = "".join(item.find(f"{text}p").itertext()).strip() if item.find(f"{text}p") is not None else ""
        shown.setdefault(words, set()).add(item.get(f"{text}style-override"))
    shown.pop("", None)
    assert shown == {"bullet": {None}, "☑ checked": {"NoBullet"}, "☐ unchecked": {"NoBullet"}, "ordered": {None}}
    (without,) = [each for each in content.iter(f"{text}list-style") if each.get(f"{style}name") == "NoBullet"]
    assert {each.get(f"{style}num-format") for each in without} == {""}


def test_in_open_document_the_words_of_items_stand_behind_their_marks_and_above_what_is_below_them(qapp, tmp_path):
    kinds = (*({"list": kind, "indent": depth} for depth in range(3) for kind in ("ordered", "bullet")), {"indent": 1})
    export_lines([Line((Span("x"),), kind) for kind in kinds], picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        content = file.read("content.xml").decode()
    level = r'text:level="(\d)"[^<>]*><[^<>]* text:space-before="(\d+)pt" text:min-label-width="(\d+)pt"'
    assert {(int(depth), int(before) + int(room)) for depth, before, room in re.findall(level, content)} == {
        (1, 36), (2, 72), (3, 108)
    }  # fmt: skip
    assert 'fo:margin-left="36pt"' in content
    assert set(re.findall('bullet-char="(.)"', content)) == {"•", "◦", "▪"}


@pytest.mark.parametrize(("kind", "part"), [("odt", "meta.xml"), ("docx", "docProps/core.xml")])
def test_the_files_of_writing_programs_state_the_title_and_nobody_who_wrote_them(qapp, tmp_path, kind, part):
    export_lines(LINES, picture, kind, tmp_path / "draft", "Salt & <Öl>\x01")
    with zipfile.ZipFile(tmp_path / "draft") as file:
        stated = ET.fromstring(file.read(part))
        listed = b"".join(file.read(name) for name in file.namelist() if name.endswith(("manifest.xml", ".rels")))
    assert part.encode() in listed
    assert stated.findtext(".//{*}title") == "Salt & <Öl>"
    named = [each for each in stated.iter() if each.tag.rpartition("}")[2] in ("creator", "lastModifiedBy")]
    assert not any(each.text for each in named)


def test_a_picture_below_a_table_and_one_that_leads_somewhere_keep_nothing_out_of_open_document(qapp, tmp_path):
    row = {"table": "1"}
    told = Span("", {"alt": "A <bed>", "link": "https://example.org"}, {"image": NAME})
    cells = Line((Span("a"),), row), Line((Span("b"),), row)
    export_lines([*cells, Line((told,)), Line((Span("behind"),))], picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        content = file.read("content.xml").decode()
    body = ET.fromstring(content).find("{*}body/{*}text")
    assert [each.tag.partition("}")[2] for each in body] == ["p", "table", "p", "p"]
    assert "".join(body[-1].itertext()) == "behind"
    assert body.findtext(".//{*}a/{*}frame/{*}desc") == "A <bed>"
    assert "data:image" not in content


@pytest.mark.parametrize("last", ["", "d\u2028"])
def test_an_empty_line_below_a_table_stays_in_open_document_and_cells_have_as_many_lines_as_before(
    qapp, tmp_path, last
):
    path, row = tmp_path / "draft.odt", {"table": "1"}
    lines = [Line((Span("c"),), row | {"align": "center"}), Line((Span(last),), row), Line(()), Line((Span("behind"),))]
    export_lines(lines, picture, "odt", path, "Title")
    found = lines_of(from_odt(path.read_bytes(), path).spans)[-4:]
    assert [(plain_text(each.spans), each.attributes.get("align")) for each in found] == [
        ("c", "center"), (last, None), ("", None), ("behind", None),
    ]  # fmt: skip


def test_a_link_to_a_file_beside_the_draft_leads_there_from_open_document_which_takes_its_file_for_a_folder(
    qapp, tmp_path
):
    path, leads = tmp_path / "draft.odt", ("b.md", "../b.md#c", "/b.md", "https://example.org", "mailto:a@example.org")
    export_lines([Line((Span("a", {"link": each}),)) for each in leads], picture, "odt", path, "Title")
    with zipfile.ZipFile(path) as file:
        stated = re.findall(r'<text:a [^<>]*xlink:href="([^"]*)"', file.read("content.xml").decode())
    assert stated == ["../b.md", "../../b.md#c", *leads[2:]]
    assert [span.attributes["link"] for span in from_odt(path.read_bytes(), path).spans if span.text == "a"] == [*leads]


def test_in_open_document_a_link_leads_to_the_second_of_two_headings_with_the_same_words(qapp, tmp_path):
    path, head = tmp_path / "draft.odt", {"header": 1}
    words = (Span("one", {"link": "#notes"}), Span(" "), Span("two", {"link": "#notes-1"}))
    export_lines([Line(words), *(Line((Span("Notes"),), head),) * 2], picture, "odt", path, "Title")
    with zipfile.ZipFile(path) as file:
        found = re.findall(
            r'xlink:href="([^"]*)"|<text:h|bookmark text:name="([^"]*)"', file.read("content.xml").decode()
        )
    assert found == [("#Notes|outline", ""), ("#notes-1", ""), ("", ""), ("", ""), ("", "notes-1")]
    links = [span.attributes.get("link") for span in from_odt(path.read_bytes(), path).spans]
    assert links[:3] == ["#notes", None, "#notes-1"]


def test_in_open_document_headings_are_headings_and_dividers_are_seen(qapp, tmp_path):
    divider = Line((Span("\ufffc", embed={"divider": True}),))
    lines = [Line((Span("Head"),), {"header": 2}), Line((Span("one"),)), divider, Line((Span("two"),))]
    export_lines(lines, picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        assert file.namelist()[0] == "mimetype"
        content = ET.fromstring(file.read("content.xml"))
    text, style, fo = (
        f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("text", "style", "xsl-fo-compatible")
    )
    (head,) = content.iter(f"{text}h")
    assert (head.get(f"{text}outline-level"), "".join(head.itertext())) == ("2", "Head")
    lined = {
        each.get(f"{style}name")
        for each in content.iter(f"{style}style")
        if any(part.get(f"{fo}border-bottom") for part in each)
    }
    paragraphs = list(content.iter(f"{text}p"))
    assert [each.get(f"{text}style-name") in lined for each in paragraphs] == [False, True, False]


def test_in_open_document_styles_say_how_letters_look_of_which_nobody_has_said_anything(qapp, tmp_path):
    item = Line((Span("Item"),), {"header": 2, "list": "ordered"})  # has no style, for LibreOffice would show no number
    lines = [Line((Span("Head"),), {"header": 2}), Line((Span("words "), Span("large", {"size": "20pt"}))), item]
    export_lines(lines, picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        content, styles = file.read("content.xml").decode(), file.read("styles.xml").decode()
    style = re.search(r'<text:h text:style-name="(\w+)"', content)
    assert style is not None
    assert f'style:name="{style[1]}" style:family="paragraph" style:parent-style-name="Heading_20_2"' in content
    assert re.search('style:name="Heading_20_2"[^<>]*><style:text-properties fo:font-size="17pt"', styles)
    assert re.search('<style:default-style [^<>]*><style:text-properties [^<>]*fo:font-size="11pt"', styles)
    assert set(re.findall(r'fo:font-size="(\w+)"', content)) == {"17pt", "20pt"}
    found = from_odt((tmp_path / "draft.odt").read_bytes(), tmp_path / "draft.odt")
    assert lines_of(found.spans) == lines


def test_in_open_document_a_table_has_lines_and_its_letters_stand_on_them(qapp, tmp_path):
    cells = [("Name", "1", {"bold": True}), ("Cost", "1", {"bold": True}), ("Ada", "2", {}), ("", "2", {})]
    lines = [Line((Span(text, look),) if text else (), {"table": row}) for text, row, look in cells]
    export_lines(lines, picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        content = file.read("content.xml").decode()
    assert (content.count("<table:table-row"), content.count("<table:table-cell")) == (2, 4)
    assert 'fo:border="0.75pt solid' in content
    assert "style:text-position" not in content, "LibreOffice raises the letters"


def test_in_open_document_a_table_right_below_a_list_is_a_table_beside_it(qapp, tmp_path):
    row = {"table": "1"}
    cells = Line((Span("a"),), row), Line((Span("b"),), row)
    lines = [Line((), {"list": "bullet"}), *cells, Line((Span("c"),), {"list": "ordered", "indent": 1}), *cells]
    export_lines(lines, picture, "odt", tmp_path / "draft.odt", "Title")
    with zipfile.ZipFile(tmp_path / "draft.odt") as file:
        body = ET.fromstring(file.read("content.xml").decode())
    found = body.findall("{*}body/{*}text/{*}table/{*}table-row/{*}table-cell")
    assert ["".join(cell.itertext()).strip() for cell in found] == ["a", "b", "a", "b"]
    assert "".join("".join(body.find("{*}body").itertext()).split()) == "abcab"


def test_in_open_document_columns_are_as_wide_as_somebody_has_made_them(qapp):
    looks = [{"table": "1", "column": 300}, {"table": "1", "column": 600}, {"table": "1"}]
    shown = laid_out(to_html([Line((Span("a"),), look) for look in looks]))
    with zipfile.ZipFile(io.BytesIO(open_document(shown))) as file:
        content = file.read("content.xml").decode()
    parts = [int(part) for part in re.findall(r'style:rel-column-width="(\d+)\*"', content)]
    assert [round(100 * part / sum(parts)) for part in parts] == [28, 56, 16]
    assert 'table:align="margins"' in content
    assert "style:width=" not in content


@pytest.mark.parametrize(("kind", "read", "sign"), [("odt", from_odt, b"page-number"), ("docx", from_docx, b'"PAGE"')])
def test_the_pages_of_files_are_numbered_or_not_and_nothing_is_missed_when_one_is_opened(
    qapp, tmp_path, kind, read, sign
):
    for numbered in (True, False):
        export_lines([Line((Span("words"),))], picture, kind, tmp_path / "a", "", numbers_pages=numbered)
        with zipfile.ZipFile(tmp_path / "a") as file:
            assert any(sign in file.read(name) for name in file.namelist() if name.endswith(".xml")) is numbered
        assert read((tmp_path / "a").read_bytes(), tmp_path / "a").left_out == ()
