"""A document that is given away holds nothing of what its people have deleted."""

from __future__ import annotations

import random
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place
from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.storage.document.document_file import DocumentFile
from helpers.commenting import comment, commented_on
from helpers.desk import Desk, notices, write

GONE = "Marigold"
"""A word that is in everything that goes."""


def unpacked(file: Path) -> bytes:
    """All that is in a file, of an archive its parts."""
    if not is_zipfile(file):
        return file.read_bytes()
    with ZipFile(file) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_copies_and_exports_made_at_once_and_the_file_once_it_is_closed_hold_nothing_that_was_deleted(
    desk: Desk, tmp_path: Path
) -> None:
    draft = commented_on(desk)
    document, picture = draft.document, random.Random(1).randbytes(20_000)
    draft.rename(f"{GONE} plan")
    stays = comment(desk, draft, "herbs", "Which ones?")
    gone = comment(desk, draft, "Basil", f"Not {GONE}?")
    board = Board(document, chance=random.Random(2), clock=lambda: 0)
    board.add([Note("", "Thyme", Place(0, 0))])
    note = board.add([Note("", GONE, Place(0, 0))])
    draft.editor.edits.insert_embed({"image": draft.images.put(picture, "image/png")})
    write(draft, GONE)
    assert draft.write()
    draft.saved._noting._begin()
    draft.rename("Plan")
    draft.comments.flow.comments.remove(gone)
    board.remove(note)
    with document.edit(Origin.LOCAL) as edit:
        start = document.text().index(GONE)
        edit.insert_embed(0, embed_of([Span(f"{GONE} is taken out")]))
        edit.insert_embed(1, embed_of([Span(f"{GONE} is said otherwise")]))
    assert draft.write()
    changed = FootnoteHere(document, 1)
    changed.write([Span("Said otherwise")])
    changed.close()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(start + 1, len(GONE) + 1)
        edit.delete(0, 1)
    draft.save_copy(tmp_path / "Copy.cowrite")
    desk.until(lambda: "A copy is in" in notices(draft))
    assert GONE.encode() in document.state()  # an undo could bring it back
    for kind in ("docx", "odt", "html", "markdown", "text"):
        export = tmp_path / f"Export.{kind}"
        assert draft.exporting.write(kind, export)
        assert not [word for word in (GONE, str(tmp_path)) if word.encode() in unpacked(export)]
    text, path, named = document.text(), draft.path, GONE.encode()
    assert draft.window.close()
    for file in (tmp_path / "Copy.cowrite", path):
        content = file.read_bytes()
        assert named not in content
        again = desk.open(file)
        assert again.document.text() == text
        assert [each.thread.id for each in again.comments.flow.comments.all()] == [stays]
        assert [each.text for each in Board(again.document, chance=random.Random(3), clock=lambda: 0).notes()] == [
            "Thyme"
        ]
        assert again.title == "Plan"
        assert again.window.close()
    assert picture[:64] not in (tmp_path / "Copy.cowrite").read_bytes()
    with DocumentFile.open(path) as kept:  # a history may show it
        assert len(kept.blobs()) == 1
