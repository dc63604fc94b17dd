"""Formats by suffix, plain text, and the encodings of files."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from cowrite.convert.errors import NoText, UnknownFormat, UnreadableText
from cowrite.convert.formats import FORMATS, Reading, format_for, text_in
from cowrite.convert.plain_text import from_text, to_text
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of

PICTURE = "data:image/png;base64," + base64.b64encode(b"picture").decode()


@pytest.mark.parametrize("suffix", ["md", ".md", ".MD", "markdown"])
def test_a_format_is_found_by_its_suffix_however_it_is_written(suffix):
    assert format_for(suffix).name == "Markdown"


def test_an_unknown_suffix_is_named_along_with_those_that_are_known():
    with pytest.raises(UnknownFormat) as raised:
        format_for(".xyz")
    assert (raised.value.suffix, raised.value.known) == ("xyz", ("md", "html", "txt", "csv", "tsv"))
    assert str(raised.value) == "cowrite does not know the format “xyz”; choose one of md, html, txt, csv, tsv."


@pytest.mark.parametrize("known", [each for each in FORMATS if each.write is not None], ids=lambda known: known.suffix)
def test_every_format_reads_what_it_wrote(known):
    lines = [Line((Span("a b"),)), Line((Span("c"),))]
    assert lines_of(known.read(known.write(lines, str), Reading())) == lines


@pytest.mark.parametrize(
    ("suffix", "source"), [("md", "| a |\n|---|\n"), ("html", "<table border=1><tr><th>a</table>")]
)
def test_a_file_that_is_a_table_is_a_document_with_a_line_before_and_behind_it(suffix, source):
    lines = lines_of(format_for(suffix).read(source, Reading()))
    assert [bool(line.attributes) for line in lines] == [False, True, False]
    written = format_for(suffix).write(lines, str)
    assert "<br>" not in written
    assert len(lines_of(format_for(suffix).read(written, Reading()))) == 3


def test_a_row_whose_id_another_program_has_made_very_long_goes_out_as_one():
    cells = [Line((Span(text),), {"table": "x" * 1000}) for text in "ab"]
    assert to_text(cells) == "a\tb\n"


@pytest.mark.parametrize("source", [f"![]({PICTURE})", f"<p><img src='{PICTURE}'></p>"], ids=["md", "html"])
def test_images_inside_a_text_are_stored(source):
    suffix = "html" if source.startswith("<p>") else "md"
    spans = format_for(suffix).read(source, Reading(lambda data, media_type: "sha256:ab" if data == b"picture" else ""))
    assert spans[0].embed == {"image": "sha256:ab"}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("é".encode(), "a.txt"),
        (b"\xef\xbb\xbf" + "é".encode(), "a.md"),
        ("\ufeffé".encode("utf-16-le"), "a.txt"),
        (b'<meta charset="latin-1">\xe9', "a.html"),
        (b"<meta charset=iso-8859-1>\x93\x81\x94 \x96 \xe9", "a.html"),
        (b'<?xml version="1.0" encoding="windows-1252"?><p>\xe9', "a.html"),
        (b'<meta charset="utf-16">' + "é".encode(), "a.html"),
        (b'<meta charset="gb2312">\xa8\xa6', "a.html"),
        (b"<p>\x93 \xe9", "a.htm"),
    ],
)
def test_the_text_of_a_file_is_found_in_its_encoding(data, name):
    text, taken_for = text_in(data, Path(name))
    assert text.endswith("é")
    assert not text.startswith("\ufeff")
    assert not re.search("[\x80-\x9f]", text)
    assert not taken_for


def test_bytes_that_are_no_text_are_refused_with_the_file_and_the_encoding():
    with pytest.raises(UnreadableText) as raised:
        text_in(b"\xff\xff", Path("notes.txt"))
    assert (raised.value.path, raised.value.encoding) == (Path("notes.txt"), "utf-8")
    assert str(raised.value) == "notes.txt is not text in utf-8; save it as UTF-8 and try again."


@pytest.mark.parametrize(
    "text",
    [
        "Le café est fermé, à côté de l’école – où es-tu, Noël ? « Déjà vu », cœur, 25 °C, n° 5, 10 €.",
        "Grüße aus Köln: „Füße“ und Äpfel, § 12. GRÖSSE",
        "¿Qué pasó mañana? El niño comió jamón. ¡Olé! n.º 3",
        "Não há informações; a ação começará amanhã.",
        "Blåøjet, æble, Århus. Små grønne ærter på en ø.",
        "Það er gott að læra íslensku, síðan æði og þökk.",
        "“Hello” – it’s me… © 2020, ½ cup",
        "The names of Müller, Nuñez, Søren and François stand here. "
        + "There is much other text around all of them. " * 5,
    ],
)
def test_text_that_plainly_is_in_windows_1252_is_read_so_and_that_is_told(text):
    assert text_in(text.encode("cp1252"), Path("notes.txt")) == (text, "windows-1252")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, как дела?", "cp1251"), ("Привет, как дела?", "koi8-r"), ("Some English with привет in it.", "cp1251"),
        ("Nie wiem, może być to był mój dom.", "cp1250"), ("Dobrý den, přišel k nám mladý muž.", "cp1250"),
        ("Árvíztűrő tükörfúrógép, ülők között őrködő férfi a fűben", "cp1250"), ("Dober večer, češnje so že", "cp1250"),
        ("Işık ılık süt, çocuğun ağzı, şöyle böyle değil", "cp1254"), ("Καλημέρα, τι κάνεις;", "cp1253"),
        ("Le café est fermé, l’école", "mac-roman"), ("Le café est fermé à côté", "cp850"), ("Köln, schön", "cp437"),
        ("こんにちは、世界", "shift_jis"), ("Hello 你好 world", "gbk"), ("안녕하세요", "euc-kr"),
        ("Hello é", "utf-16-le"), ("Résumé à ü", "utf-8"),
    ],
)  # fmt: skip
def test_text_that_would_come_in_garbled_as_windows_1252_is_refused(text, encoding):
    with pytest.raises((UnreadableText, NoText)):
        text_in(text.encode(encoding) + (b"\xff" if encoding == "utf-8" else b""), Path("notes.md"))


def test_plain_text_shows_the_structure_of_a_document():
    document = [
        Line((Span("T", {"bold": True}),), {"header": 1}),
        Line((Span("a"),), {"list": "ordered"}),
        Line((Span("b"),), {"list": "ordered", "indent": 1}),
        Line((Span("c"),), {"list": "unchecked", "indent": 2}),
        Line((Span("d"),), {"list": "ordered"}),
        Line((Span("q"),), {"blockquote": True}),
        Line((Span(EMBED_CHARACTER, {}, {"divider": True}),)),
        Line((Span("see "), Span(EMBED_CHARACTER, {"alt": "x"}, {"image": "sha256:ab"}))),
    ]
    assert to_text(document) == "T\n1. a\n  a. b\n    ☐ c\n2. d\n> q\n---\nsee [image]\n"


def test_in_plain_text_a_line_break_within_a_line_is_one_and_stands_below_its_words():
    lines = [Line((Span("a\u2028b"),), {"list": "ordered"}), Line((Span("c\u2028d"),), {"blockquote": True})]
    assert to_text(lines) == "1. a\n   b\n> c\n> d\n"


def test_plain_text_is_read_as_paragraphs_whatever_its_line_ends_and_without_markup():
    assert from_text("# a\r\n\r- b\n") == [Span("# a\n\n- b\n")]
    assert from_text("") == []


@pytest.mark.parametrize("text", ["a\n\fb\n", "a\fb\n", "a\n\f\n\fb\n", "\fa\n", "\f\n"])
def test_a_form_feed_in_plain_text_begins_a_page(text):
    read = lines_of(from_text(text))
    pages = [bool(line.attributes.get("page-break")) for line in read]
    assert to_text(read) == re.sub("(?<=[^\n])\f", "\n\f", text)
    assert pages.count(True) == text.count("\f")
