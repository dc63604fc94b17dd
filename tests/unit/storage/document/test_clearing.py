"""What was deleted from a document is not in its file any more, once it is closed."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from pycrdt import Doc, Map, Text

from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place
from cowrite.core.crdt.structs import Content
from cowrite.core.text.origin import Origin
from cowrite.storage.document import clearing
from cowrite.storage.document.clearing import cleared
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import DiskFull
from cowrite.storage.layout import Property
from cowrite_server.wire.encoding import var_string, var_uint
from helpers.foreign_structs import MAP, ForeignWriter
from helpers.saving_writer import Writer, saved


@pytest.mark.parametrize("seed", range(4))
def test_a_cleared_file_holds_nothing_that_was_deleted_in_any_page(document: DocumentFile, seed: int) -> None:
    chance = random.Random(seed)
    ada = Writer()
    for _ in range(2):
        for number in range(chance.choice((3, 30, 60))):
            ada.types(f"GONE {number} " + "x" * chance.choice((3, 300, 9_000)))
            saved(ada, document)
            document.properties[Property.TEXT] = ada.document.text()
            document.properties[f"own {chance.randrange(50)}"] = "GONE" + "y" * chance.choice((3, 300, 1_500))
            if chance.random() < 0.1:
                document.write_snapshot(ada.document.state(), keep=chance.choice((0, 20)))
                document.put_blob(chance.randbytes(9_000), "image/png")
        ada.deletes(ada.document.text())
        ada.types("kept")
        saved(ada, document)
        for name in [name for name in document.properties if name.startswith("own")]:
            document.properties[name] = "kept"
        document.properties[Property.TEXT] = "kept"
        document.settle()
        assert b"GONE" in document.path.read_bytes()
        assert document.clear(ada.document.state())
        assert not document.clear(ada.document.state())
        document.settle()
        assert b"GONE" not in document.path.read_bytes()
    document.close()
    assert b"GONE" not in document.path.read_bytes()
    with DocumentFile.open(document.path) as again:
        assert Writer(*again.load().state).document.text() == "kept"
        assert again.load().missing == ()


def test_a_file_in_which_nothing_was_deleted_is_left_as_it_is(document: DocumentFile) -> None:
    ada = Writer()
    ada.types("one ")
    saved(ada, document)
    document.write_snapshot(ada.document.state())
    ada.types("two ")
    saved(ada, document)
    before = document.load().state
    assert not document.clear(ada.document.state())
    assert document.load().state == before
    document.write_snapshot(ada.document.state())
    assert not document.clear(ada.document.state())
    ada.deletes("one ")
    saved(ada, document)
    document.write_snapshot(ada.document.state())  # it holds the word still, for an undo
    assert document.clear(ada.document.state())


def test_what_was_taken_back_goes_once_no_server_has_the_document(document: DocumentFile) -> None:
    ada = Writer()
    board = Board(ada.document, chance=random.Random(1), clock=lambda: 0)
    ids = board.add([Note("", text, Place(0, 0)) for text in ("GONE", "Thyme")])
    saved(ada, document)
    document.write_snapshot(ada.document.state())
    assert not document.clear(ada.document.state(), empties=True)
    board.remove(ids[:1])
    saved(ada, document)
    document.write_snapshot(ada.document.state())
    assert document.clear(ada.document.state())  # somebody else may bring it back
    document.settle()
    assert b"GONE" in document.path.read_bytes()
    assert document.clear(ada.document.state(), empties=True)
    assert not document.clear(ada.document.state(), empties=True)
    document.settle()
    assert b"GONE" not in document.path.read_bytes()
    again = Writer(*document.load().state).document
    assert Board(again, chance=random.Random(1), clock=lambda: 0).notes() == board.notes()


def test_an_update_that_waits_for_another_outlives_clearing_and_copying(
    document: DocumentFile, author, new_author, read, tmp_path: Path
) -> None:
    updates = [*author.types("a", "b"), *author.deletes(2), *author.types("c")]
    reader = new_author()
    reader.receives(updates[1:])
    document.append(updates[1:])
    reader.receives(other := [*new_author().types("GONE"), *new_author().types("x")])
    document.append(other)
    document.save_copy(tmp_path / "Copy.cowrite")
    for _ in range(3):
        document.clear(reader.state)
        document.append(new_author().types("x"))
    for path in (document.path, tmp_path / "Copy.cowrite"):
        document.close()
        with DocumentFile.open(path) as file:
            assert set(updates[1:]) <= set(file.load().state)
            file.append([updates[0]])
            assert read(file.load().state).replace("x", "").replace("GONE", "") == "c"
            assert file.load().missing == ()


def test_a_damage_to_a_cleared_state_loses_nothing(document: DocumentFile) -> None:
    ada = Writer()
    ada.types("kept gone")
    ada.deletes(" gone")
    saved(ada, document)
    document.clear(ada.document.state())
    document.close()
    for at in range(2):
        damaged = document.path.with_name(f"Damaged {at}.cowrite")
        shutil.copy(document.path, damaged)
        rows = sqlite3.connect(damaged)
        query = (
            "UPDATE snapshots SET data = x'00' WHERE seq = (SELECT seq FROM snapshots ORDER BY seq LIMIT 1 OFFSET ?)"
        )
        rows.execute(query, (at,))
        rows.commit()
        rows.close()
        with DocumentFile.open(damaged) as again:
            assert Writer(*again.load().state).document.text() == "kept"
            assert again.load().missing == ()


def test_a_kill_at_any_statement_of_clearing_leaves_the_old_or_the_new_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "_MANY_PAGES", 8)
    (tmp_path / "data").mkdir()
    file = DocumentFile.create(tmp_path / "data" / "Plan.cowrite")
    ada = Writer()
    ada.types("GONE " * 10_000)
    ada.types("kept")
    ada.deletes("GONE " * 10_000)
    saved(ada, file)
    copies: list[Path] = []

    def copy(_statement: str) -> None:
        now = sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in file.path.parent.iterdir())
        if now not in seen:
            seen.append(now)
            copies.append(tmp_path / str(len(copies)))
            shutil.copytree(tmp_path / "data", copies[-1])

    seen: list[object] = []
    file._held.connection.set_trace_callback(copy)
    assert file.clear(ada.document.state())
    file.close()
    assert len(copies) > 3
    for folder in copies:
        with DocumentFile.open(folder / "Plan.cowrite") as left:
            loaded = left.load()
            assert Writer(*loaded.state).document.text() == "kept"
            assert loaded.missing == ()
    assert file.path.stat().st_size < 100_000  # what is in no use is given back


def test_on_a_full_disk_nothing_is_cleared_and_nothing_lost(small_disk: Path) -> None:
    file = DocumentFile.create(small_disk / "Plan.cowrite")
    ada = Writer()
    ada.types("kept " * 20_000)
    ada.types("gone " * 20_000)
    ada.deletes("gone " * 20_000)
    saved(ada, file)
    before = file.load().state
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(600_000))
    with pytest.raises(DiskFull):
        file.clear(ada.document.state())
    assert file.load().state == before
    ballast.unlink()
    file.close()
    with DocumentFile.open(file.path) as again:
        assert again.load().state == before
        assert again.load().missing == ()
        assert again.clear(ada.document.state())
        assert Writer(*again.load().state).document.text() == "kept " * 20_000


def _synced(*docs: Doc) -> None:
    for doc in docs:
        for other in docs:
            doc.apply_update(other.get_update(doc.get_state()))


@pytest.mark.parametrize("seed", range(20))
def test_a_cleared_state_merges_with_a_room_that_deletes_and_restores_as_its_log_does(seed: int) -> None:
    """Changes that were made without the server are in the file alone, and reach it all the same."""
    chance = random.Random(seed)
    room = Writer()
    room.types("alpha beta gamma delta ")
    ours = Writer(room.document.state())
    notes = [Board(each.document, chance=chance, clock=lambda: 0) for each in (room, ours)]
    first = notes[0].add([Note("", "first", Place(0, 0))])[0]
    ours.document.apply_remote(room.document.state())
    log = [room.document.state()]
    ours.made.clear()
    for _ in range(12):
        for writer, board in zip((room, ours), notes, strict=True):
            match chance.randrange(7):
                case 0 | 1:
                    with writer.document.edit(Origin.LOCAL) as edit:
                        edit.insert(chance.randrange(writer.document.length + 1), chance.choice(("X", "yz", "中é")))
                case 2 | 3 if writer.document.length > 6:
                    with writer.document.edit(Origin.LOCAL) as edit:
                        edit.delete(chance.randrange(writer.document.length - 5), 5)
                case 4:
                    writer.document.undo()
                case 5:
                    board.change({first: {"removed": chance.choice((True, False)), "text": f"{chance.random()}"}})
                case 6:
                    writer.document.meta.set_title(f"{chance.random()}")
    log += ours.made
    state, waiting, _ = cleared(log)
    assert state is not None
    assert waiting == ()
    merged = []
    for updates in (log, [state]):
        file, server = Doc(), Doc()
        server.apply_update(room.document.state())
        for update in updates:
            file.apply_update(update)
        vector = file.get_state()
        _synced(file, server)
        _synced(file, server)
        texts = [str(doc.get("body", type=Text)) for doc in (file, server)]
        maps = [doc.get(root, type=Map).to_py() for doc in (file, server) for root in ("meta", "board")]
        merged.append((texts, maps, sorted(vector), sorted(server.get_state())))
    assert merged[0] == merged[1]
    assert merged[0][0][0] == merged[0][0][1]


def test_what_is_no_value_in_what_was_removed_keeps_nothing_else_there():
    writer = ForeignWriter()
    at = writer.write(Content.TYPE, MAP, root="board", key="note:1")
    writer.write(Content.FORMAT, var_string("bold") + var_string("true"), parent=at, key="a")
    for name, value in (("removed", bytes([120])), ("text", bytes([119]) + var_string("words"))):
        writer.write(Content.ANY, var_uint(1) + value, parent=at, key=name)

    assert b"words" not in (cleared([writer.update()], empties=True).state or b"words")
