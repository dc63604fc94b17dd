"""What takes long to read and is pasted or dropped: it is read beside the event loop, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Semaphore

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from cowrite.app.draft.draft import Draft
from cowrite.bridge.file import image_files
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.gui.page import clipboard, slow_paste
from cowrite.gui.window.inserting import COMING
from helpers.desk import notices, write

PICTURE = "\ufffc"
HTML = "<h2>Harvest</h2><ul><li>one <b>apple</b></li><li>two</li></ul><p>and the end</p>" * 3


@pytest.fixture(autouse=True)
def short_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any picture, and HTML and plain text of 100 characters, take long to read."""
    monkeypatch.setattr(image_files, "LARGE_IMAGES", 1)
    monkeypatch.setattr(clipboard, "LONG", 100)
    monkeypatch.setattr(slow_paste, "LONG_HTML", 100)
    monkeypatch.setattr(slow_paste, "LOOK", 0)


@pytest.fixture
def let(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Lets so many parts be read; without it none is."""
    gate = Semaphore(0)
    for name in ("_read_file", "_read_html"):
        read = getattr(slow_paste, name)
        monkeypatch.setattr(slow_paste, name, lambda *args, read=read: (gate.acquire(), read(*args))[1])
    yield gate.release
    gate.release(100)


def photographs(folder: Path, number: int) -> list[Path]:
    paths = [folder / f"{each}.png" for each in range(number)]
    for each, path in enumerate(paths):
        image = QImage(30, 20, QImage.Format.Format_RGB32)
        image.fill(QColor(each, 100, 100))
        image.save(str(path))
    return paths


def paste_files(draft: Draft, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    draft.editor.insertFromMimeData(data)


def paste_markdown(draft: Draft) -> None:
    data = QMimeData()
    data.setText("# Harvest\n\n- one **apple**\n- two\n\n" * 4)
    draft.editor.insertFromMimeData(data)


def paste_html(draft: Draft, html: str = HTML) -> None:
    data = QMimeData()
    data.setHtml(html)
    draft.editor.insertFromMimeData(data)


def until(holds: Callable[[], object]) -> None:
    while not holds():
        QCoreApplication.processEvents()


def is_in(draft: Draft) -> bool:
    return draft.editor.pasting._slow is None


def test_photographs_come_in_one_after_the_other_and_are_one_step_of_undo(draft, desk, tmp_path, let):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste_files(draft, photographs(tmp_path, 3))
    let(1)
    until(lambda: PICTURE in draft.document.text())
    until(lambda: "1 of 3 images are in" in notices(draft))
    assert draft.document.text() == f"before {PICTURE}after\n"
    let(2)
    until(lambda: is_in(draft))
    assert draft.document.text() == f"before {PICTURE * 3}after\n"
    shown = [draft.images.image(span.embed["image"]) for span in draft.document.spans() if span.embed]
    assert [image.pixelColor(0, 0).red() for image in shown] == [0, 1, 2]
    assert COMING not in draft.window.notices.ids()
    assert draft.editor.caret() == (10, 10)
    draft.editor.undo_own()
    assert draft.document.text() == "before after\n"
    draft.editor.redo_own()
    assert draft.document.text() == f"before {PICTURE * 3}after\n"


def test_cancel_leaves_what_is_in_and_brings_no_more(draft, tmp_path, let):
    paste_files(draft, photographs(tmp_path, 5))
    let(2)
    until(lambda: "2 of 5 images are in" in notices(draft))
    draft.window.notices.answered.emit(COMING, "stop")
    let(3)
    draft.editor.pasting.finish()
    assert draft.document.text() == PICTURE * 2 + "\n"
    assert COMING not in draft.window.notices.ids()


def test_files_among_them_that_are_no_pictures_are_named(draft, tmp_path):
    paths = photographs(tmp_path, 2)
    paths[0].write_bytes(b"no picture")
    paste_files(draft, paths)
    until(lambda: is_in(draft))
    assert draft.document.text() == PICTURE + "\n"
    assert "one of these files could not be read" in notices(draft)


def test_a_window_that_closes_has_all_of_them(draft, desk, tmp_path):
    paste_files(draft, photographs(tmp_path, 3))
    path = draft.path
    assert draft.window.close()
    again = desk.open(path)
    assert again.document.text() == PICTURE * 3 + "\n"
    assert all(again.images.original(span.embed["image"]) for span in again.document.spans() if span.embed)


@pytest.mark.parametrize("paste", [paste_html, paste_markdown])
def test_what_is_long_is_in_the_end_as_if_it_had_come_at_once(draft, monkeypatch, paste):
    write(draft, "before after")
    for place in ((0, 0), (9, 3), (12, 12)):
        results = []
        for long in (10**6, 100):
            monkeypatch.setattr(clipboard, "LONG", long if paste is paste_markdown else 10**6)
            monkeypatch.setattr(slow_paste, "LONG_HTML", long)
            draft.editor.set_caret(*place)
            draft.document.steps.begin()
            paste(draft)
            assert is_in(draft) == (long != 100)
            until(lambda: is_in(draft))
            results.append((joined(draft.document.spans()), draft.editor.caret()))
            draft.editor.undo_own()
            assert draft.document.text() == "before after\n"
        assert results[0] == results[1], place


def test_everybody_goes_on_writing_meanwhile(draft, let):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste_html(draft, f"<p>{'pasted ' * 20}</p>")
    write(draft, "typed ")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "a teammate; ")
    let(1)
    until(lambda: is_in(draft))
    assert draft.document.text() == f"a teammate; before {('pasted ' * 20).strip()}typed after\n"
    assert draft.document.text()[draft.editor.caret()[1] :] == "after\n"
    draft.editor.undo_own()
    assert draft.document.text() == "a teammate; before typed after\n"


def test_undo_before_anything_is_in_takes_back_the_pasting_alone(draft, let):
    write(draft, "before")
    paste_html(draft)
    draft.editor.undo_own()
    let(1)
    draft.editor.pasting.finish()
    assert draft.document.text() == "before\n"


def test_who_may_write_no_longer_gets_no_more(draft, let):
    paste_html(draft)
    draft.window.show_read_only("You may only read now.")
    let(1)
    until(lambda: is_in(draft))
    assert draft.document.text() == "\n"
    assert "you may no longer write here" in notices(draft)


def test_undo_of_what_was_typed_meanwhile_leaves_what_is_still_to_come(draft, tmp_path, let):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste_files(draft, photographs(tmp_path, 2))
    for number in (1, 2):
        draft.editor.set_caret(0)
        write(draft, "typed")
        draft.editor.undo_own()
        let(1)
        until(lambda number=number: draft.document.text().count(PICTURE) == number)
    assert draft.document.text() == f"before {PICTURE * 2}after\n"


def test_undo_of_what_is_in_ends_the_rest(draft, tmp_path, let):
    write(draft, "before")
    paste_files(draft, photographs(tmp_path, 3))
    let(1)
    until(lambda: PICTURE in draft.document.text())
    draft.editor.undo_own()
    let(2)
    draft.editor.pasting.finish()
    assert draft.document.text() == "before\n"
