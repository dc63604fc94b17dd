"""A document's file that another program writes over in its place while the document is open."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import Overwritten
from cowrite.storage.layout import Property
from cowrite.storage.placing import companion

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file is nobody else's to write there")


def put_over(path: Path, data: bytes) -> None:
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def nothing(_data: bytes) -> bytes:
    return b""


def of_another_program(_data: bytes) -> bytes:
    return b"PK\3\4" * 4000


def test_over_what_an_earlier_state_was_put_the_whole_document_is_written_and_that_state_is_kept(
    document: DocumentFile, read, author
) -> None:
    document.append(author.types("first "))
    picture = document.put_blob(b"picture", "image/png")
    assert document.settle()
    earlier = document.path.read_bytes()
    document.append(author.types("second "))
    document.properties.set_all({Property.LINK: "host/room"})
    identity = document.properties[Property.DOCUMENT_ID]
    assert document.settle()
    put_over(document.path, earlier)
    more = author.types("third")
    with pytest.raises(Overwritten):
        document.append(more)
    with pytest.raises(Overwritten):
        document.settle()
    document.begin_anew(author.state)
    document.append(more)
    notice = document.take_notice()
    assert "Another program has written over" in notice
    (other,) = document.path.parent.glob("*.other-*")
    assert other.read_bytes() == earlier
    assert other.name in notice
    document.close()
    with DocumentFile.open(document.path) as again:
        assert again.load().missing == ()
        assert read(again.load().state) == "first second third"
        assert again.properties[Property.DOCUMENT_ID] == identity
        assert again.properties[Property.LINK] == "host/room"
        assert again.blob(picture) is not None


@pytest.mark.parametrize("made", [half, nothing, of_another_program])
def test_over_whatever_was_put_the_whole_document_is_written(
    document: DocumentFile, read, author, made: Callable[[bytes], bytes]
) -> None:
    for word in ("many ", "words "):
        document.append(author.types(word * 2000))
    assert document.settle()
    identity = document.properties[Property.DOCUMENT_ID]
    put_over(document.path, made(document.path.read_bytes()))
    with pytest.raises(Overwritten):
        document.append([])
    document.begin_anew(author.state)
    document.append(author.types("end"))
    document.close()
    with DocumentFile.open(document.path) as again:
        assert read(again.load().state) == author.text
        assert again.properties[Property.DOCUMENT_ID] == identity


@pytest.mark.parametrize("theirs", [1, 3, 20])
@pytest.mark.parametrize("mine", [0, 2, 8])
def test_over_what_a_later_state_from_another_computer_was_put_the_whole_document_is_written(
    document: DocumentFile, read, author, tmp_path: Path, mine: int, theirs: int
) -> None:
    document.append(author.types("begun "))
    assert document.settle()
    there = shutil.copyfile(document.path, tmp_path / "There.cowrite")
    with DocumentFile.open(there) as other:
        for _ in range(theirs):
            other.append(author.types("there " * 300))
    for _ in range(mine):
        document.append(author.types("here " * 300))
    put_over(document.path, there.read_bytes())
    with pytest.raises(Overwritten):
        document.append(author.types("end"))
    document.begin_anew(author.state)
    document.close()
    with DocumentFile.open(document.path) as again:
        assert read(again.load().state) == author.text


def test_a_file_whose_time_alone_is_set_is_no_other(document: DocumentFile, author) -> None:
    document.append(author.types("kept"))
    assert document.settle()
    for seconds in (0, 2_000_000_000):
        os.utime(document.path, (seconds, seconds))
        document.append(author.types("more"))
        assert document.settle()
    assert document.take_notice() == ""


def test_what_is_moved_out_of_the_log_at_any_moment_is_the_documents_own(document: DocumentFile, author) -> None:
    for _ in range(30):  # more than a log holds until SQLite moves it by itself
        document.append(author.types("x" * 200_000))
    assert document.take_notice() == ""


def test_a_document_that_was_left_with_its_log_by_a_kill_is_no_other(tmp_path: Path, author, document) -> None:
    document.append(author.types("kept"))
    for ending in ("", "-wal"):
        shutil.copyfile(companion(document.path, ending), companion(tmp_path / "Left.cowrite", ending))
    with DocumentFile.open(tmp_path / "Left.cowrite") as left:
        left.append(author.types("more"))
        assert left.settle()
        left.append(author.types("more"))
        assert left.take_notice() == ""


def test_a_document_that_became_another_is_the_one_that_was_written(document: DocumentFile, author) -> None:
    document.append(author.types("kept"))
    document.become_another()
    document.append(author.types("more"))
    assert document.settle()
    document.append(author.types("more"))
    assert document.take_notice() == ""
