"""One document on disk, in good times."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cowrite.storage.document.containment import BrokenState
from cowrite.storage.document.database import insert
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import (
    AlreadyThere,
    DocumentTooNew,
    NotADocument,
    NotThere,
    StorageError,
    StorageFailed,
    failures_of,
)
from cowrite.storage.layout import APPLICATION_ID, VERSION, Property, PropertyRow


def reopened(file: DocumentFile) -> DocumentFile:
    file.close()
    return DocumentFile.open(file.path)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_appended_comes_back_in_its_order(document: DocumentFile) -> None:
    document.append([b"one", b"two"])
    document.append([])
    document.append([b"three"])
    assert document.load().state == (b"one", b"two", b"three")
    with reopened(document) as again:
        assert again.load().state == (b"one", b"two", b"three")
        assert again.load().missing == ()
        assert again.load().damaged_original is None


def test_a_text_typed_over_several_openings_is_the_same_text(tmp_path: Path, new_author, read) -> None:
    path = tmp_path / "Draft.cowrite"
    DocumentFile.create(path).close()
    for word in ("Grüße ", "an ", "alle 👩‍👩‍👧"):
        with DocumentFile.open(path) as file:
            author = new_author()
            author.receives(file.load().state)
            file.append(author.types(word))
            file.write_snapshot(author.state)
    with DocumentFile.open(path) as file:
        assert read(file.load().state) == "Grüße an alle 👩‍👩‍👧"


def test_a_snapshot_stands_for_the_updates_before_it(document: DocumentFile, author, read) -> None:
    document.append(author.types("a", "b"))
    first = author.state
    document.write_snapshot(first)
    (third,) = author.types("c")
    document.append([third])
    assert document.load().state == (first, third)
    document.write_snapshot(author.state)
    assert document.load().state == (author.state,)
    with reopened(document) as again:
        again.append(author.types("d"))
        assert read(again.load().state) == "abcd"


def test_an_update_that_waits_for_another_outlives_snapshots(document: DocumentFile, author, new_author, read) -> None:
    updates = [*author.types("a", "b"), *author.deletes(2), *author.types("c")]
    for first_to_come in range(1, len(updates)):
        reader = new_author()
        reader.receives(updates[first_to_come:])
        document.append(updates[first_to_come:])
        for _ in range(3):
            document.write_snapshot(reader.state, keep=0)
            document.append(new_author().types("x"))
    assert set(updates[1:]) <= set(document.load().state)
    document.append([updates[0]])
    assert read(document.load().state).replace("x", "") == "c"
    with reopened(document) as again:
        assert again.load().missing == ()


def test_a_state_that_is_none_replaces_nothing(document: DocumentFile) -> None:
    document.append([b"one"])
    with pytest.raises(BrokenState):
        document.write_snapshot(b"no state")
    assert document.load().state == (b"one",)


def test_snapshots_take_the_place_of_the_log_that_they_replace(document: DocumentFile, author) -> None:
    for _ in range(5):
        document.append(author.types(*"x" * 200))
        document.write_snapshot(author.state, keep=10)
    rows = sqlite3.connect(document.path)
    assert rows.execute("SELECT min(seq), max(seq) FROM updates").fetchone() == (801, 1000)
    assert rows.execute("SELECT seq FROM snapshots ORDER BY seq").fetchall() == [(800,), (1000,)]
    rows.close()


def test_the_newest_updates_stay_beside_a_snapshot(document: DocumentFile, author) -> None:
    for letter in "abcdefghij":
        document.append(author.types(letter))
        document.write_snapshot(author.state, keep=4)
    rows = sqlite3.connect(document.path)
    assert rows.execute("SELECT seq FROM updates ORDER BY seq").fetchall() == [(7,), (8,), (9,), (10,)]
    rows.close()


def test_a_closed_document_is_one_file(document: DocumentFile, tmp_path: Path) -> None:
    document.append([b"x" * 1_000])
    document.put_blob(b"picture", "image/png")
    assert len(names_in(tmp_path)) > 1
    document.close()
    document.close()
    assert names_in(tmp_path) == ["Plan.cowrite"]


def test_opening_and_closing_changes_no_byte(document: DocumentFile) -> None:
    document.append([b"x"])
    document.close()
    before = document.path.read_bytes()
    with DocumentFile.open(document.path) as again:
        again.load()
    assert document.path.read_bytes() == before


def test_a_document_is_an_sqlite_file_of_its_own_type(document: DocumentFile) -> None:
    document.close()
    header = document.path.read_bytes()[:100]
    assert header.startswith(b"SQLite format 3\0")
    assert header[68:72] == b"cowr" == APPLICATION_ID.to_bytes(4, "big")
    assert int.from_bytes(header[60:64], "big") == VERSION


def test_an_image_is_found_by_its_hash_and_stored_once(document: DocumentFile) -> None:
    picture = bytes(range(256)) * 1000
    name = document.put_blob(picture, "image/png")
    assert name.startswith("sha256:")
    assert document.put_blob(picture, "image/png") == name
    with reopened(document) as again:
        blob = again.blob(name)
        assert blob is not None
        assert (blob.data, blob.media_type) == (picture, "image/png")
        assert [(entry.name, entry.size) for entry in again.blobs()] == [(name, 256_000)]
        assert again.blob("sha256:" + "0" * 64) is None
        assert again.blob("https://example.org/picture.png") is None


def test_a_document_whose_last_image_was_taken_out_is_not_damaged(document: DocumentFile, tmp_path: Path) -> None:
    name = document.put_blob(b"picture", "image/png")
    document.drop_images({name})
    with reopened(document) as again:
        assert again.load().missing == ()
        assert again.blobs() == ()
    assert names_in(tmp_path) == ["Plan.cowrite"]


def test_properties_keep_json_and_bytes(document: DocumentFile) -> None:
    document.properties["link"] = {"room": "plan", "port": 8080, "names": ["Zoë", None, "\ud83d"]}
    document.properties.set_all({"acknowledged": b"\x00\xff", "text": "Hello"})
    with reopened(document) as again:
        assert again.properties["link"] == {"room": "plan", "port": 8080, "names": ["Zoë", None, "\ud83d"]}
        assert again.properties["acknowledged"] == b"\x00\xff"
        assert again.properties.get("nothing") is None
        del again.properties["text"]
        assert "text" not in again.properties
        with pytest.raises(KeyError):
            del again.properties["text"]
        with pytest.raises(ValueError, match="last_update"):
            again.properties[Property.LAST_UPDATE] = 0


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        (Property.TITLE, "[" * 100_000),
        (Property.LINK, "9" * 5_000),
        (Property.DOCUMENT_ID, '"\\ud83d"'),
        (Property.IMAGES, '["a", 5]'),
        (Property.IMAGES, '{"sha256:00": "x"}'),
        (Property.LAST_UPDATE, '"many"'),
        (Property.NAMES, "{nope"),
        (Property.MISSING, "true"),
        (Property.MISSING, '{"sentences": [], "original": "../elsewhere"}'),
    ],
)
def test_what_a_stranger_put_in_the_place_of_a_property_keeps_nobody_from_the_words(
    document: DocumentFile, name: str, stored: str
) -> None:
    document.append([b"words"])
    document.close()
    with closing(sqlite3.connect(document.path)) as connection, connection:
        insert(connection, PropertyRow(name, 9, stored))

    with DocumentFile.open(document.path) as again:
        assert again.load().state == (b"words",)
        assert again.properties.get(name) != stored
        assert str(again.properties[Property.DOCUMENT_ID]).isprintable()
        assert set(dict(again.properties)) > {Property.DOCUMENT_ID, Property.IMAGES, Property.LAST_UPDATE}


def test_a_new_document_knows_its_title_and_its_age(document: DocumentFile, clock) -> None:
    assert document.properties[Property.TITLE] == "Plan"
    born = clock.now
    clock.pass_minutes(5)
    document.append([b"x"])
    assert document.properties[Property.CREATED] == born
    assert document.properties[Property.MODIFIED] == born + 300_000


def test_creating_never_replaces_a_file(document: DocumentFile, tmp_path: Path) -> None:
    document.close()
    with pytest.raises(AlreadyThere):
        DocumentFile.create(document.path)
    DocumentFile.open(document.path).close()
    with pytest.raises(NotThere):
        DocumentFile.create(tmp_path / "no such folder" / "Plan.cowrite")


def test_a_path_that_is_too_long_for_windows_is_not_said_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for length, error in ((259, NotThere), (260, StorageFailed)):
        folder = tmp_path / ("f" * 60) / ("f" * 60)
        path = folder / ("x" * (length - len(str(folder)) - 1))
        with pytest.raises(error) as raised, failures_of(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))  # all that Windows says
        assert ("too long for Windows" in str(raised.value)) is (length == 260)


def test_a_document_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match=r"Gone\.cowrite” is not there"):
        DocumentFile.open(tmp_path / "Gone.cowrite")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("make", [Path.mkdir, getattr(os, "mkfifo", None)])
def test_what_is_no_file_is_not_said_to_be_gone(tmp_path: Path, make: Callable[[Path], None] | None) -> None:
    if make is None:
        pytest.skip("there are no such pipes here")
    path = tmp_path / "Plan.cowrite"
    make(path)
    for look in (DocumentFile.open, DocumentReader):
        with pytest.raises(NotADocument, match=r"Plan\.cowrite” is not a cowrite document"):
            look(path)
    assert names_in(tmp_path) == ["Plan.cowrite"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 a zip", b"# Notes\n" * 1000, b"SQLite format 4\0", b"\x00\x01\x02"])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "Foreign.cowrite"
    path.write_bytes(content)
    with pytest.raises(NotADocument, match="is not a cowrite document"):
        DocumentFile.open(path)
    assert path.read_bytes() == content
    assert names_in(tmp_path) == ["Foreign.cowrite"]


@pytest.mark.parametrize(("name", "said"), [("Budget.XLSX", r"Save the sheet as \.csv"), ("a.jpg", "Insert → Image")])
def test_what_can_be_done_with_a_sheet_or_an_image_is_said(tmp_path: Path, name: str, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK")
    with pytest.raises(NotADocument, match=rf"left as it is\. {said}"):
        DocumentFile.open(path)


def test_how_a_text_of_another_program_can_be_opened_all_the_same_is_said(tmp_path: Path) -> None:
    path = tmp_path / "Old.DOC"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(NotADocument, match=r"left as it is\. Save it as \.docx or \.odt in the program that made it"):
        DocumentFile.open(path)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "Bookmarks.cowrite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE updates(seq INTEGER PRIMARY KEY, time INTEGER, data BLOB, checksum BLOB)")
    connection.execute("INSERT INTO updates VALUES (1, 1, x'00', zeroblob(16))")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NotADocument):
        DocumentFile.open(path)
    assert path.read_bytes() == before


def test_a_document_of_a_newer_cowrite_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "Future.cowrite"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.execute("CREATE TABLE future(content)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DocumentTooNew) as raised:
        DocumentFile.open(path)
    assert raised.value.version == VERSION + 1
    assert path.read_bytes() == before


def test_what_a_stranger_put_into_the_schema_is_never_run(document: DocumentFile) -> None:
    document.append([b"x"])
    document.close()
    connection = sqlite3.connect(document.path)
    connection.execute("CREATE TRIGGER evil AFTER INSERT ON updates BEGIN DELETE FROM updates; END")
    connection.close()
    with DocumentFile.open(document.path) as again:
        again.append([b"y"])
        assert again.load().state == (b"x", b"y")
        assert again.load().missing == ()


def test_a_document_is_used_on_one_thread_only(document: DocumentFile) -> None:
    caught: list[BaseException] = []

    def use() -> None:
        for call in (document.load, document.close, lambda: document.append([b"x"]), lambda: dict(document.properties)):
            try:
                call()
            except RuntimeError as error:
                caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 4
    document.append([b"still open"])


def test_a_closed_document_refuses_to_be_written(document: DocumentFile) -> None:
    document.close()
    with pytest.raises(StorageError):
        document.append([b"x"])


@pytest.mark.skipif(os.name == "nt", reason="Windows says of such a name that there is no such file")
def test_a_name_that_no_system_takes_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / f"{'a' * 1_000}.cowrite"
    for use in (DocumentFile.create, DocumentFile.open, DocumentReader):
        with pytest.raises(StorageError, match="could not be read or written"):
            use(path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_leads_to_itself_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "a.cowrite").symlink_to(tmp_path / "a.cowrite")
    for use in (DocumentFile.open, DocumentReader):
        with pytest.raises(NotThere):
            use(tmp_path / "a.cowrite")


def test_names_in_any_script_and_with_any_sign_work(tmp_path: Path) -> None:
    for name in ("Прайс ü 日本 👩‍👧", "100% #1 a?b", "it's; --", " spaces "):
        if os.name == "nt":
            name = name.replace("?", "")
        path = tmp_path / f"{name}.cowrite"
        with DocumentFile.create(path) as file:
            file.append([b"x"])
            file.save_copy(tmp_path / f"copy of {path.name}")
        with DocumentFile.open(tmp_path / f"copy of {path.name}") as copy:
            assert copy.load().state == (b"x",)
