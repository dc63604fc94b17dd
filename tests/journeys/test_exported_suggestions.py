"""What becomes of suggested changes in files of other kinds: exported, given to Word, and read from it."""

from __future__ import annotations

import re
import zipfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.core.text.richtext import plain_text
from cowrite.core.text.suggested_text import as_it_stands
from helpers.desk import notices, write
from helpers.suggested import overwrite, rows
from helpers.suggesting import marked
from helpers.word_changes import decided, words

pytestmark = pytest.mark.journey


def test_the_text_is_exported_as_it_stands_and_to_word_with_what_is_suggested_to_accept_or_reject_there(
    ada, draft, tmp_path
):
    draft.window.actions_["suggest_changes"].setChecked(True)
    overwrite(draft, "plant", "grow")
    assert plain_text(as_it_stands(draft.document.spans())).strip() == "We plant herbs."
    for kind in ("text", "markdown", "html"):
        draft.exporting.write(kind, tmp_path / kind)
        written = (tmp_path / kind).read_text()
        assert "We plant herbs." in written, kind
        assert "grow" not in written, kind

    draft.exporting.write("docx", tmp_path / "plan.docx")
    content = (tmp_path / "plan.docx").read_bytes()
    assert words(decided(content, accepts=True)) == ["We grow herbs."]
    assert words(decided(content, accepts=False)) == ["We plant herbs."]
    with zipfile.ZipFile(tmp_path / "plan.docx") as file:
        authors = re.findall('w:author="([^"]*)" w:date="20', file.read("word/document.xml").decode())
    assert authors == ["Ada", "Ada"]


def test_what_word_has_tracked_is_suggested_here_to_accept_and_reject(sit, team_server, tmp_path):
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    write(draft, "We plant herbs.\nThat is all.")
    draft.window.actions_["suggest_changes"].setChecked(True)
    overwrite(draft, "plant", "grow")
    QTest.keyClick(draft.editor, Qt.Key.Key_End)
    write(draft, "\nAnd sage.")
    draft.document.settle()
    wanted = marked(draft.document)
    draft.exporting.write("docx", tmp_path / "plan.docx")
    bo = sit("Bo")
    found = bo.open(tmp_path / "plan.docx")
    assert marked(found.document) == wanted
    assert [row.name.text() for row in rows(found)] == ["Ada", "Ada"]
    assert notices(found) == ""
    rows(found)[0].accept.click()
    rows(found)[0].reject.click()
    assert marked(found.document) == "We grow herbs.¶That is all."
    found.editor.undo_own()
    found.editor.undo_own()
    assert marked(found.document) == wanted
