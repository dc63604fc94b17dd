"""Documents in places that cannot be looked at, or whose names are no text."""

from __future__ import annotations

import os
import sys
from subprocess import PIPE

import pytest
from PySide6.QtWidgets import QPushButton

from cowrite.app.bare_draft import bare_draft
from cowrite.bridge.file import opening
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.gui.dialogs.preferences_dialog import PreferencesDialog
from cowrite.paths import HOME_VARIABLE
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.session import OpenDocument, Session, save_session
from helpers.desk import here, notices, texts, write
from helpers.warm_python import APPLICATION, Forked

pytestmark = pytest.mark.journey


def test_a_place_that_cannot_be_looked_at_keeps_nothing_else_from_being_opened(sit, tmp_path):
    desk = sit()
    draft = desk.new()
    gone = tmp_path / ("a" * 1000) / "gone.cowrite"  # as on a drive that does not answer any more
    desk.application.choices.opened(gone)
    assert desk.application.documents.open(gone) is None
    assert ("is not there" if sys.platform == "win32" else "File name too long") in notices(draft)
    save_session(desk.paths.session, Session((OpenDocument(gone, b"", 0, 0), OpenDocument(draft.path, b"", 0, 0)), 1))
    assert desk.application.session.restore(desk.application.documents.open, lambda _id: None) == [gone]
    assert desk.application.open_all(["file:///tmp/a%00b"]) is False
    assert "is not there" in notices(draft)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such a place is only not there")
@pytest.mark.parametrize("place", ["a" * 1000, "/proc/nobody"])
def test_a_start_whose_own_folder_cannot_be_looked_at_or_made_ends_with_what_helps(tmp_path, place):
    home = tmp_path / place
    program = [sys.executable, "-m", "cowrite"]
    environment = {**os.environ, HOME_VARIABLE: str(home)}
    process = Forked(program, env=environment, stderr=PIPE, loaded=APPLICATION)
    assert process.stderr is not None
    with process.stderr as said:
        words = said.read().decode()
    assert process.wait() == 1
    assert f"cowrite: The folder “{home / 'library'}”" in words
    assert "Traceback" not in words


@pytest.mark.skipif(os.name != "posix", reason="elsewhere not everybody may make links")
def test_a_document_opens_though_where_its_sealed_notes_lie_cannot_be_looked_at(sit):
    desk = sit()
    desk.paths.sealed.symlink_to("a" * 1000)  # as where the folder belongs to somebody else
    draft = desk.new()
    write(draft, "words")
    desk.until(lambda: here(draft) == "Saved on this computer")


def test_a_document_whose_window_or_text_could_not_be_made_can_be_opened_again(sit, monkeypatch):
    desk = sit()
    first = desk.new()
    write(first, "words")
    path = first.path
    assert first.window.close()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the test says so")

    for place in ((bare_draft, "DocumentWindow"), (opening, "MendedDocument")):
        with monkeypatch.context() as failing:
            failing.setattr(*place, fail)
            with pytest.raises(RuntimeError):
                desk.application.documents.open(path)
        again = desk.open(path)
        assert again.document.text() == "words\n", place
        assert desk.application.documents.drafts == [again]
        assert again.window.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_document_whose_name_is_no_text_is_written_and_closed_like_any_other(sit, tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.cowrite")
    DocumentFile.create(path, state=MendedDocument.new(clock=lambda: 0).state()).close()
    desk = sit()
    draft = desk.open(path)
    write(draft, "words")
    desk.until(lambda: here(draft) == "Saved on this computer")
    assert draft.window.close()
    again = desk.open(path)
    assert again.document.text() == "words\n"


def test_who_can_put_nothing_into_the_folder_of_documents_is_told_so_and_chooses_another(sit, tmp_path, monkeypatch):
    desk = sit()
    folder = desk.application.choices.library_folder
    answer_of = os.access
    monkeypatch.setattr(os, "access", lambda path, *how: path != folder and answer_of(path, *how))
    assert desk.application.documents.new() is None
    window = desk.application._library_flow._window
    assert f"You may not write in “{folder}”" in " ".join(texts(window.notices))
    next(each for each in window.notices.findChildren(QPushButton) if each.text() == "Preferences…").click()
    dialog = window.findChild(PreferencesDialog)
    dialog.show_folder(str(tmp_path / "another"))
    dialog.accept()
    assert window.notices.ids() == []
    draft = desk.new()
    assert draft.path.parent == tmp_path / "another"
