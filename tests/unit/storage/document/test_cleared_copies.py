"""What was deleted from a document is not in a copy that is given away."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place
from cowrite.core.comments.comments import Author, Comments
from cowrite.core.crdt.structs import Content
from cowrite.core.decisions.decisions import Decision, Decisions
from cowrite.core.decisions.parts import Argument, Choice
from cowrite.core.text.origin import Origin
from cowrite.storage.document.copying import Unwritten
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.layout import Property
from cowrite_server.wire.encoding import var_uint
from helpers.foreign_structs import ForeignWriter
from helpers.saving_writer import Writer, saved


def note(text: str) -> Note:
    return Note("", text, Place(0, 0))


def test_a_copy_holds_no_text_that_was_deleted_whoever_did_it_and_when(document: DocumentFile, tmp_path: Path) -> None:
    ada = Writer()
    for word in ("kept ", "GONE-BEFORE ", "GONE-AFAR ", "GONE-NOW " * 2000):
        ada.types(word)
    ada.document.meta.set_title("GONE-TITLE")
    ada.deletes("GONE-BEFORE ")
    saved(ada, document)
    document.write_snapshot(ada.document.state())
    assert b"GONE-BEFORE" in ada.document.state()  # an undo could bring it back
    bo = Writer(ada.document.state())
    bo.deletes("GONE-AFAR ")
    ada.document.apply_remote(bo.made[-1])
    document.properties.set_all({Property.TITLE: "GONE-TITLE", Property.TEXT: ada.document.text()})
    saved(ada, document)
    document.settle()
    ada.deletes("GONE-NOW " * 2000)
    ada.document.meta.set_title("Plan B")
    assert b"GONE" in document.path.read_bytes()
    document.save_copy(tmp_path / "Copy.cowrite", unwritten=Unwritten(ada.made))
    content = (tmp_path / "Copy.cowrite").read_bytes()
    assert b"GONE" not in content
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("Copy")] == ["Copy.cowrite"]
    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        again = Writer(*copy.load().state).document
        assert (again.text(), again.meta.title) == ("kept ", "Plan B")
        assert (copy.properties[Property.TITLE], copy.properties[Property.TEXT]) == ("Plan B", "kept ")
        assert copy.load().missing == ()
        assert not copy.clear(again.state())  # there is nothing to do
    with DocumentReader(document.path) as reader:
        reader.save_copy(tmp_path / "Duplicate.cowrite", title="Plan B copy")
    assert b"GONE-BEFORE" not in (tmp_path / "Duplicate.cowrite").read_bytes()


def test_a_copy_holds_no_picture_that_was_deleted(document: DocumentFile, tmp_path: Path) -> None:
    ada = Writer()
    pictures = [random.Random(number).randbytes(30_000) for number in range(3)]
    names = [document.put_blob(picture, "image/png") for picture in pictures]
    for name in names:
        with ada.document.edit(Origin.LOCAL) as edit:
            edit.insert_embed(0, {"image": name})
    with ada.document.edit(Origin.LOCAL) as edit:
        edit.delete(1, 1)
    saved(ada, document)
    document.save_copy(tmp_path / "Copy.cowrite")
    content = (tmp_path / "Copy.cowrite").read_bytes()
    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        assert [copy.blob(name) is not None for name in names] == [True, False, True]
    assert all(pictures[1][at : at + 64] not in content for at in range(0, 30_000, 64))
    assert bytes.fromhex(names[1].removeprefix("sha256:")) not in content
    assert names[1].encode() not in content


def test_a_copy_holds_no_words_of_what_was_taken_back_and_all_that_stands(
    document: DocumentFile, tmp_path: Path
) -> None:
    ada = Writer()
    ada.types("Herbs\n")
    with ada.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "not ", {"deletion": "change:1"})  # that is suggested, and not done
    author, chance = Author("Ada", "#c4314b"), random.Random(1)
    comments = Comments(ada.document, chance=chance, clock=lambda: 0)
    gone = comments.add(0, 5, "GONE-COMMENT", author)
    answered = comments.add(0, 5, "GONE-FIRST", author)
    comments.reply(answered, "an answer", author)
    comments.add(0, 5, "a comment", author)
    comments.remove(gone)
    comments.remove(answered)
    board = Board(ada.document, chance=chance, clock=lambda: 0)
    ids = board.add([note(text) for text in ("GONE-NOTE", "Basil", "Thyme")])
    group = board.group(ids[1:], "GONE-GROUP")
    board.remove([ids[0], group])
    decisions = Decisions(ada.document, chance=chance, clock=lambda: 0)
    stays = decisions.add(
        Decision("", "Which herbs?", options=(Choice("Basil"), Choice("GONE-OPTION", (Argument("GONE-PRO"),))))
    )
    held = decisions.get(stays)
    assert held is not None
    decisions.put(stays, options=held.options[:1])
    decisions.remove(decisions.add(Decision("", "GONE-QUESTION")))
    saved(ada, document)
    document.save_copy(tmp_path / "Copy.cowrite")
    assert b"GONE" not in (tmp_path / "Copy.cowrite").read_bytes()
    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        again = Writer(*copy.load().state).document
        assert not copy.clear(again.state(), empties=True)  # there is nothing left to do
    assert list(again.spans()) == list(ada.document.spans())
    assert Comments(again, chance=chance, clock=lambda: 0).all() == comments.all()
    assert Board(again, chance=chance, clock=lambda: 0).notes() == board.notes()
    assert Decisions(again, chance=chance, clock=lambda: 0).all() == decisions.all()


def test_a_copy_says_what_could_not_be_read_of_its_original(document: DocumentFile, tmp_path: Path) -> None:
    ada = Writer()
    for word in ("one ", "two "):
        ada.types(word)
    saved(ada, document)
    rows = sqlite3.connect(document.path)
    rows.execute("UPDATE updates SET data = x'00' WHERE seq = 2")
    rows.commit()
    rows.close()
    document.save_copy(tmp_path / "Copy.cowrite")
    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        assert copy.load().missing == ("1 edit that could not be read",)
        assert Writer(*copy.load().state).document.text() == "one "


def test_a_copy_of_a_file_that_would_end_the_process_is_made_all_the_same(document: DocumentFile, tmp_path: Path):
    writer = ForeignWriter()
    writer.write(Content.ANY, var_uint(1) + bytes([117, 1]) * 200_000 + bytes([126]), root="board", key="note:1")
    document.append([b"words", nested := writer.update()])
    document.save_copy(tmp_path / "Copy.cowrite")

    with DocumentFile.open(tmp_path / "Copy.cowrite") as copy:
        assert set(copy.load().state) == {b"words", nested}
