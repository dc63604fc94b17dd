"""Word files that are broken, none, or would fill the memory: each is called what it is, or read."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from random import Random

import pytest

from cowrite.convert import packed_file
from cowrite.convert.comment_pieces import edges_of, in_pieces
from cowrite.convert.docx.writer import to_docx
from cowrite.convert.normal import spans_from
from cowrite.convert.packed_file import TooLargeFile, UnreadableFile
from cowrite.core.comments.comments import Placed, Reply, Thread
from cowrite.core.entries.authors import Author
from cowrite.core.text.richtext import Utf16, lines_of
from helpers.word_files import PIXEL, file_of, read, run, words
from unit.convert.docx.test_reader import LINES

WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'


@pytest.mark.parametrize("data", [b"", b"words", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 an older Word file"])
def test_what_is_no_word_file_is_called_so(data):
    with pytest.raises(UnreadableFile, match=r"“plan\.docx” could not be read as a Word document"):
        read(data)


def test_a_package_without_a_document_is_called_so():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(UnreadableFile):
        read(stream.getvalue())


def test_a_small_file_that_would_fill_the_memory_is_refused_and_one_with_large_pictures_is_not(monkeypatch):
    monkeypatch.setattr(packed_file, "LARGEST_CONTENT", most := 2 * 2**20)

    def with_part(name: str) -> bytes:
        stream = BytesIO(file_of(run("words")))
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, b"<" * most if name.endswith(".xml") else bytes(most))
        return stream.getvalue()

    for name in ("word/media/image9.png", "word/embeddings/oleObject1.bin"):
        assert words(read(with_part(name))) == "words\n"
    with pytest.raises(TooLargeFile, match=r"“plan\.docx” was not opened: unpacked it has more than 2 MB of text"):
        read(with_part("word/more.xml"))
    monkeypatch.setattr(packed_file, "LARGEST_PICTURES", most - 1)
    with pytest.raises(TooLargeFile, match="images"):
        read(with_part("word/media/image9.png"))


@pytest.mark.parametrize(("what", "name", "content"), [
    ("text", "word/more.xml", b"<" * (3 * packed_file.USUAL_CONTENT)),
    ("images", "word/media/image9.png", bytes(packed_file.USUAL_PICTURES + 2**24)),
])  # fmt: skip
def test_a_file_that_holds_far_more_than_one_packs_into_its_size_is_refused(what, name, content):
    stream = BytesIO(file_of(run("words")))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    with pytest.raises(TooLargeFile, match=f"MB of {what}, far more than a file of its size should have. Divide it"):
        read(stream.getvalue())


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000, "-1", "1e3", ""])
def test_a_number_that_is_none_takes_nothing_else_away(number):
    word = f'<w:outlineLvl w:val="{number}"/><w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="1"/></w:numPr>'
    extent = f'<w:r><w:drawing><wp:inline {WP}><wp:extent cx="{number}"/></wp:inline></w:drawing></w:r>'
    assert words(read(file_of(f"<w:pPr>{word}</w:pPr>{run('words')}", extent))).startswith("words\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-be"])
def test_a_text_that_is_called_a_picture_weighs_as_a_text(monkeypatch, encoding):
    stream = BytesIO()
    others = 0
    with zipfile.ZipFile(BytesIO(file_of(run("words")))) as whole, zipfile.ZipFile(stream, "w") as package:
        for name in whole.namelist():
            part = whole.read(name).replace(b"word/document.xml", b"word/media/image1.png")
            if name == "word/document.xml":
                text = f"<?xml version='1.0' encoding='{encoding}'?>{part.decode().partition('?>')[2].lstrip()}"
                package.writestr("word/media/image1.png", text.encode(encoding))
            else:
                package.writestr(name, part)
                others += 0 if name.endswith(".jpeg") else len(part)
    assert words(read(stream.getvalue())) == "words\n"

    monkeypatch.setattr(packed_file, "LARGEST_CONTENT", others)
    with pytest.raises(TooLargeFile, match="text"):
        read(stream.getvalue())


def test_what_a_files_own_definitions_would_grow_to_is_no_text():
    """Entities may stand for each other, ten times each, or for a file of this computer."""
    entities = '<!ENTITY a0 "x"><!ENTITY f SYSTEM "file:///etc/hostname">'
    entities += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(file_of(run("words")))) as whole, zipfile.ZipFile(stream, "w") as package:
        for name in whole.namelist():
            part = whole.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                head, _, rest = part.partition("?>")
                part = f"{head}?><!DOCTYPE d [{entities}]>{rest}".replace("words", "&a9;&f;words")
            package.writestr(name, part.encode("utf-8", "surrogateescape"))
    with suppress(UnreadableFile):
        assert words(read(stream.getvalue())) in ("words\n", "\n")


def test_a_damaged_file_is_read_or_refused_and_nothing_else_happens():
    answered = Thread("thread:1", "", "Why?", Author("Bo"), replies=(Reply("reply:1", "So", Author("Cy")),))
    threads = [Placed(answered, (Utf16(at), Utf16(at + 40))) for at in range(0, 200, 20)]
    lines = lines_of(in_pieces(spans_from(LINES), edges_of(each.place for each in threads)), keeps_suggested=True)
    whole = to_docx(lines, lambda _name: PIXEL, "Plan", suggested={}, comments=threads)
    assert len(read(whole).comments) == len(threads)
    chance = Random(7)
    with zipfile.ZipFile(BytesIO(whole)) as package:
        parts = {each: package.read(each) for each in package.namelist()}
    for turn in range(60):
        damaged = dict(parts)
        name = chance.choice([each for each in parts if each.endswith((".xml", ".rels"))])
        content = bytearray(damaged[name])
        for _ in range(1 + turn % 5):
            at = chance.randrange(len(content))
            content[at : at + chance.randrange(1, 30)] = chance.randbytes(chance.randrange(4))
        damaged[name] = bytes(content)
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as package:
            for each, data in damaged.items():
                package.writestr(each, data)
        cut = stream.getvalue() if turn % 3 else stream.getvalue()[: chance.randrange(len(stream.getvalue()))]
        with suppress(UnreadableFile):
            read(cut)
