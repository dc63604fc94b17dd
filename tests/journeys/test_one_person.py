"""One person's way through cowrite, with the real application and real files."""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QPushButton

from cowrite.app.draft.draft import Draft
from cowrite.bridge.file import saved_document
from cowrite.core.text.origin import Origin
from cowrite.storage.library import closed_files
from cowrite.storage.library.originals import Originals
from cowrite.storage.session import load_session, save_session
from helpers.closing import Quits
from helpers.desk import here, notices, texts, write

pytestmark = pytest.mark.journey


def text(draft: Draft) -> str:
    return draft.document.text()


def test_a_draft_that_was_never_named_is_there_again_in_a_file_that_is_called_by_its_first_words(sit):
    desk = sit()
    draft = desk.application.documents.new()
    write(draft, "# Head\n- one\n**two** 😀")
    path, spans = draft.path, list(draft.document.spans())
    assert path.stem == "Untitled"
    desk.until(lambda: here(draft) == "Saved on this computer")
    desk.leave()
    named = path.with_name("Head.cowrite")
    assert list(path.parent.iterdir()) == [named]
    assert Originals(desk.paths.originals).place_of(draft.document_id) == named
    again = sit()
    again.application.start([])
    (draft,) = again.application.documents.drafts
    assert draft.path == named
    assert again.application.choices.settings.recent == (named,)
    assert list(draft.document.spans()) == spans
    assert not draft.document.can_undo()


def test_what_is_typed_right_before_the_window_closes_is_on_disk(sit):
    desk = sit()
    draft = desk.new()
    write(draft, "last words")
    path = draft.path
    assert draft.window.close()
    assert text(sit().open(path)) == "last words\n"


def test_files_are_called_by_their_titles_when_documents_close_and_are_found_by_these_names(sit, monkeypatch):
    desk = sit()
    Quits(desk, monkeypatch)
    front, *drafts = [desk.new(), *(desk.application.documents.new() for _ in range(4))]
    first, second, empty, shut_out = drafts
    for draft in (first, second, shut_out):
        write(draft, "Herbs")
    second.rename("Weeds")
    assert [draft.path.stem for draft in drafts] == ["Untitled", "Untitled 2", "Untitled 3", "Untitled 4"]
    assert first.window.close()
    assert first.path.stem == "Herbs"
    assert [title for path, title in front.window.actions_._recent if path == str(first.path)] == ["Herbs"]

    def refuse(path: Path, _target: Path) -> None:
        raise PermissionError(errno.EACCES, "the folder is write-protected", str(path))

    with monkeypatch.context() as protected:
        protected.setattr(closed_files, "move_to_free", refuse)
        assert shut_out.window.close()
    assert shut_out.path.stem == "Untitled 4"
    desk.application.quit()
    assert [draft.path.stem for draft in drafts] == ["Herbs", "Weeds", "Untitled 3", "Untitled 4"]
    desk.application.storage.run_now(lambda: None)
    session = load_session(desk.paths.session)
    assert [document.path for document in session.documents] == [front.path, second.path, empty.path]
    assert set(front.path.parent.iterdir()) == {front.path, *(draft.path for draft in drafts)}
    assert text(desk.open(first.path)) == "Herbs\n"

    at, weeds, beside = session.documents
    killed = (at, weeds._replace(path=weeds.path.with_stem("Untitled 2")), beside)  # before the new name was noted
    save_session(desk.paths.session, session._replace(documents=killed))
    desk.application.start([])
    desk.application.documents.wait()
    assert second.path in [draft.path for draft in desk.application.documents.drafts]


def test_windows_carets_and_scrolling_come_back(sit):
    desk = sit()
    first, second = desk.new(), desk.new()
    write(first, "first draft")
    with second.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "".join(f"line {number}\n" for number in range(400)))
    first.editor.set_caret(5)
    second.editor.set_caret(text(second).index("line 200"))
    desk.until(lambda: second.editor.verticalScrollBar().value() > 0)
    scroll = second.editor.verticalScrollBar().value()
    first.window.resize(760, 700)
    second.window.actions_["show_comments"].trigger()
    paths, size = [first.path, second.path], first.window.size()
    desk.leave()
    again = sit()
    again.application.start([])
    drafts = {draft.path: draft for draft in again.application.documents.drafts}
    assert list(drafts) == paths
    first, second = drafts[paths[0]], drafts[paths[1]]
    assert second.window.panels.comments is not None
    assert second.window.focusWidget() is second.editor
    assert first.editor.caret() == (5, 5)
    assert second.editor.caret()[1] == text(second).index("line 200")
    again.until(lambda: second.editor.verticalScrollBar().value() == scroll)
    assert first.window.size() == size


def test_a_window_whose_file_is_gone_is_told_of_and_the_others_come_back_in_their_order(sit, monkeypatch):
    desk = sit()
    drafts = [desk.new() for _ in range(3)]
    gone, second, _third = paths = [draft.path for draft in drafts]
    monkeypatch.setattr(desk.application.session, "_front", lambda: drafts[1])
    desk.leave()
    for file in gone.parent.glob(f"{gone.name}*"):
        file.unlink()
    fronts: list[Path] = []
    monkeypatch.setattr(Draft, "come_to_front", lambda draft: fronts.append(draft.path))
    again = sit()
    again.application.start([])
    assert [draft.path for draft in again.application.documents.drafts] == paths[1:]
    assert fronts == [second]
    assert str(gone) in "".join(notices(draft) for draft in again.application.documents.drafts)


def test_a_file_that_is_open_already_comes_to_the_front(sit, monkeypatch):
    desk = sit()
    draft = desk.new()
    assert desk.open(draft.path) is draft
    monkeypatch.chdir(draft.path.parent)
    assert desk.open(Path(draft.path.name)) is draft


def test_a_file_that_another_cowrite_has_open_is_not_opened_twice_and_that_is_said(sit):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.new()
    write(draft, "mine")
    ada.until(lambda: here(draft) == "Saved on this computer")
    other = bo.new()
    assert bo.application.documents.open(draft.path) is None
    assert "open" in notices(other)
    assert draft.path.name in notices(other)
    write(draft, " still")
    assert draft.window.close()
    assert text(bo.open(draft.path)) == "mine still\n"


def test_a_damaged_file_opens_as_far_as_it_is_sound_and_says_what_is_missing(sit):
    desk = sit()
    draft = desk.new()
    for number in range(60):
        write(draft, f"paragraph {number} with some words in it\n")
        draft.saved.write()
    path = draft.path
    draft.window.close()
    desk.leave()
    content = bytearray(path.read_bytes())
    # One place alone would be made good from the others: the log, the snapshot and the plain text.
    for page in range(0, len(content), 4096):
        if b"paragraph 30" in content[page : page + 4096]:
            content[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    again = sit()
    draft = again.open(path)
    assert "This document was damaged" in notices(draft)
    kept = [file for file in path.parent.iterdir() if "damaged" in file.name]
    assert [file.read_bytes() for file in kept] == [bytes(content)]
    write(draft, "and on")
    again.until(lambda: here(draft) == "Saved on this computer")
    draft.window.close()
    assert "and on" in text(again.open(path))


def test_of_an_empty_file_it_is_said_that_nothing_could_be_read_and_one_writes_in_it(sit, tmp_path):
    path = tmp_path / "plan.cowrite"
    path.touch()
    desk = sit()
    draft = desk.open(path)
    assert "This document was damaged. Nothing of the document could be read. The damaged file" in notices(draft)
    write(draft, "words")
    desk.until(lambda: here(draft) == "Saved on this computer")
    draft.window.close()
    assert "words" in text(desk.open(path))


def test_a_file_that_is_no_document_is_said_and_left_alone(sit, tmp_path):
    path = tmp_path / "letter.cowrite"
    path.write_bytes(b"no database at all" * 100)
    desk = sit()
    front = desk.new()
    desk.application.documents.open(path)
    drafts = (front, *desk.application.documents.drafts)
    assert any(path.name in notices(draft) or "damaged" in notices(draft) for draft in drafts)


@contextmanager
def full_disk(bytes_left: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


MUCH = "much " * 100_000
"""Half a megabyte, more than fits."""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no file limits there")
def test_a_full_disk_is_said_and_nothing_is_lost_from_the_window(sit, caplog, monkeypatch):
    monkeypatch.setattr(saved_document, "RETRY_DELAY", 100)
    desk = sit()
    draft = desk.new()
    write(draft, "before ")
    desk.until(lambda: here(draft) == "Saved on this computer")
    with full_disk(400_000):
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.insert(7, MUCH)
        desk.until(lambda: here(draft) == "Not saved on this computer")
        assert "kept in this window" in notices(draft)
        draft.editor.set_caret(draft.document.length - 1)
        write(draft, "after")
        assert not draft.window.close()
        assert "stays open" in notices(draft)
        assert draft.window.isVisible()
    desk.until(lambda: here(draft) == "Saved on this computer")
    desk.until(lambda: notices(draft) == "")
    path, wanted = draft.path, text(draft)
    assert draft.window.close()
    caplog.clear()
    assert text(sit().open(path)) == wanted == f"before {MUCH}after\n"


def test_a_part_that_fails_as_cowrite_ends_keeps_nothing_from_the_disk(sit, monkeypatch, caplog):
    def fail():
        raise ZeroDivisionError

    desk = sit()
    draft = desk.new()
    write(draft, "kept")
    monkeypatch.setattr(desk.application.histories, "close", fail)
    desk.leave()
    assert "a part of cowrite did not end as it should" in caplog.text
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("storage")]
    caplog.clear()


def test_a_deleted_image_file_is_no_matter_for_the_draft_that_shows_it(sit, tmp_path):
    from PySide6.QtGui import QImage

    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    source = tmp_path / "picture.png"
    image.save(str(source))
    desk = sit()
    draft = desk.new()
    draft.editor.edits.insert_embed({"image": draft.images.put(source.read_bytes(), "image/png")})
    source.unlink()
    (name,) = [span.embed["image"] for span in draft.document.spans() if span.embed]
    path = draft.path
    desk.leave()
    again = sit()
    draft = again.open(path)
    again.until(lambda: draft.images.image(name) is not None)
    assert draft.images.image(name).size() == image.size()


def test_a_start_with_a_file_that_is_not_there_says_so_with_no_window_in_front_of_it(sit, tmp_path):
    desk = sit()
    desk.application.start([str(tmp_path / "docter")])
    assert desk.application.documents.drafts == []
    window = desk.application._library_flow._window
    assert window.isVisible()
    assert any("docter” is not there" in text for text in texts(window))


def test_a_window_is_as_large_and_has_beside_it_what_it_had_after_a_restart(sit):
    ada = sit()
    draft = ada.new()
    write(draft, "words")
    for _ in range(2):
        draft.window.actions_["zoom_in"].trigger()
    draft.window.actions_["show_people"].setChecked(False)
    draft.window.actions_["show_comments"].setChecked(True)
    ada.leave()
    again = sit()
    again.application.start([])
    (draft,) = again.application.documents.drafts
    assert draft.window.zoom == 1.25
    assert not draft.window.people.isVisible()
    assert draft.window.panels.comments is not None
    assert draft.window.panels.comments.isVisible()


def test_what_is_chosen_elsewhere_while_the_preferences_are_open_stays_chosen(sit):
    ada = sit()
    draft, other = ada.new(), ada.new()
    dialog = ada.application.choices.ask(draft.window)
    other.window.actions_["theme_dark"].trigger()
    ada.application.choices.set_me("Adele", "#123456")
    QTest.keyClick(dialog.findChild(QDoubleSpinBox), Qt.Key.Key_Up)
    assert ada.application.choices.theme_setting == "dark"
    assert ada.application.choices.settings.person[:2] == ("Adele", "#123456")
    ada.leave()
    assert sit().application.choices.theme_setting == "dark"


def test_the_menus_of_all_windows_say_which_theme_is_chosen_in_the_preferences(sit):
    ada = sit()
    drafts = ada.new(), ada.new()
    dialog = ada.application.choices.ask(drafts[0].window)
    for words, name in (("Dark", "dark"), ("Light", "light"), ("As the system", "system")):
        button = next(each for each in dialog.findChildren(QPushButton) if each.accessibleName() == words)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert all(draft.window.actions_[f"theme_{name}"].isChecked() for draft in drafts)
