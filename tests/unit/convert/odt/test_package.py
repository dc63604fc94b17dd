"""OpenDocument files as packages: which are read, and how much of them."""

from __future__ import annotations

import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from cowrite.convert import packed_file
from cowrite.convert.file_read import FileRead
from cowrite.convert.odt.reader import from_odt
from cowrite.convert.packed_file import TooLargeFile, UnreadableFile
from cowrite.core.text.richtext import Span
from helpers.open_documents import TEXT, content, fodt, odt, p, package
from helpers.word_files import IMAGE

PATH = Path("plan.odt")
ENCRYPTED = package({"content.xml": Random(1).randbytes(300), "META-INF/manifest.xml": "<x/>"})
NOT_TEXT = content("").replace("office:text", "office:spreadsheet")


def read(data: bytes) -> FileRead:
    return from_odt(data, PATH, lambda _data, _media_type: IMAGE)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"words", b"PK\x03\x04", b"<html>", fodt("")[:-9], ENCRYPTED, package({}), package({"content.xml": ""}),
        package({"content.xml": NOT_TEXT}), package({"content.xml": content("")}, f"{TEXT[:-4]}spreadsheet"),
        odt("<text:section>" * 300 + "</text:section>" * 300),
    ],
)  # fmt: skip
def test_what_is_no_open_document_is_called_so(data):
    with pytest.raises(UnreadableFile, match=r"“plan\.odt” could not be read as an OpenDocument text: it is damaged"):
        read(data)


def test_a_small_file_that_would_fill_the_memory_is_refused_and_one_with_large_pictures_is_not(monkeypatch):
    monkeypatch.setattr(packed_file, "LARGEST_CONTENT", most := 2 * 2**20)

    def with_part(name: str) -> bytes:
        return odt(p("words"), more={name: bytes(most)})

    assert read(with_part("Pictures/1.png")).spans == [Span("words\n")]
    with pytest.raises(TooLargeFile, match=r"“plan\.odt” was not opened: unpacked it has more than 2 MB"):
        read(with_part("more.xml"))
    monkeypatch.setattr(packed_file, "LARGEST_PICTURES", most - 1)
    with pytest.raises(TooLargeFile, match="images"):
        read(with_part("Pictures/1.png"))
    monkeypatch.setattr(packed_file, "LARGEST_CONTENT", 100)
    with pytest.raises(TooLargeFile, match="text"):
        read(fodt(p("words")))


def test_of_what_a_package_says_that_it_is_no_more_is_read_than_a_kind_takes():
    data = package({"content.xml": content(p("words"))}, TEXT + " " * 2**24)
    tracemalloc.start()
    try:
        assert read(data).spans == [Span("words\n")]
        assert tracemalloc.get_traced_memory()[1] < 2**22
    finally:
        tracemalloc.stop()


def test_no_part_of_a_file_is_read_that_lies_about_its_size():
    data = bytearray(odt(p("words")))
    with zipfile.ZipFile(BytesIO(data)) as written:
        size = written.getinfo("content.xml").file_size
    at = data.rindex(size.to_bytes(4, "little"))
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableFile):
        read(bytes(data))
