"""Where exports go, and that nothing of one that fails is left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from cowrite.app.files import imports
from cowrite.app.files.asking_place import ask_place
from cowrite.app.files.export import Frozen, export_lines
from cowrite.app.files.export_file import CannotExport
from cowrite.app.files.export_kinds import EXPORTS
from cowrite.app.files.imports import read
from cowrite.app.ideas.lists import read as read_list
from cowrite.convert.markdown.reader import from_markdown
from cowrite.core.text.richtext import Line, Span, lines_of
from cowrite.gui.dialogs.encoding_dialog import EncodingDialog
from helpers.desk import notices
from helpers.exported import LINES, NAME, picture


@pytest.mark.parametrize(
    ("typed", "there", "place"),
    [
        ("board", None, "board.png"),
        ("board.png", None, "board.png"),
        ("board 2.0", None, "board 2.0.png"),
        ("board of St. Gallen", None, "board of St. Gallen.png"),
        ("board.jpeg", None, "board.jpeg"),
        ("board.PNG", "board.PNG", "board.PNG"),
        ("board", "board.png", "board"),  # whether that one may be replaced nobody was asked
        ("", None, None),
    ],
)
def test_a_name_without_an_ending_gets_one(qtbot, tmp_path, monkeypatch, typed, there, place):
    window = QWidget()
    qtbot.addWidget(window)
    if there:
        (tmp_path / there).touch()
    answer = (str(tmp_path / typed) if typed else "", "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)

    assert ask_place(window, "Export", tmp_path / "title.png", "Picture") == (tmp_path / place if place else None)


@pytest.mark.parametrize("kind", ["docx", "odt", "html", "pdf", "markdown", "text"])
def test_that_a_file_does_not_show_what_the_assistant_wrote_is_told(tmp_path, kind):
    path = tmp_path / "Minutes"
    for spans in ([Span("Ours. "), Span("Its own.", {"ai": "r1"})], [Span("Ours.")]):
        said = Frozen(tuple(spans), lambda _name: None, {}, {}, ()).told(kind, path)
        assert ("What the assistant wrote is not marked there." in said) is (len(spans) > 1)


def test_markdown_brings_its_pictures(qapp, tmp_path):
    export_lines(LINES, picture, "markdown", tmp_path / "draft.md", "Title")
    assert f"images/{'a' * 16}.png" in (tmp_path / "draft.md").read_text()
    assert (tmp_path / "images" / f"{'a' * 16}.png").exists()


@pytest.mark.parametrize(
    ("kind", "told"),
    [("markdown", ""), ("html", ""), ("docx", "a heading or code"), ("odt", "a heading or code")],
)
def test_what_a_file_loses_of_a_quotation_is_told(qapp, tmp_path, kind, told):
    spans = from_markdown("> said\n>\n> - item\n>\n> # Head\n>\n> ```\n> code\n> ```\n")
    path = tmp_path / "draft"
    said = Frozen(tuple(spans), lambda _name: None, {}, {}, ()).told(kind, path)
    assert said == f"Written to “{path}”." + (f" What is {told} in a quotation is no quotation there." if told else "")
    path = path.with_suffix(EXPORTS[kind][1])
    export_lines(list(lines_of(spans)), picture, kind, path, "Title")
    lost = {"header": "a heading", "list": "a list", "code-block": "code"}
    read_again = [line.attributes for line in lines_of(read(path).spans) if any(span.text for span in line.spans)]
    unquoted = {lost[name] for each in read_again if "blockquote" not in each for name in each if name in lost}
    assert unquoted == {words for words in lost.values() if words in told}


def test_markdown_that_is_opened_again_has_its_pictures(qapp, tmp_path):
    export_lines(LINES, picture, "markdown", tmp_path / "draft.md", "Title")
    imported = read(tmp_path / "draft.md")
    assert [media_type for _, media_type in imported.images] == ["image/png"]
    assert sum(span.embed is not None and "image" in span.embed for span in imported.spans) == 1


@pytest.mark.parametrize("kind", ["markdown", "docx"])
def test_a_picture_that_a_file_shows_many_times_comes_in_once(qapp, tmp_path, kind):
    path = tmp_path / f"logo.{'md' if kind == 'markdown' else kind}"
    export_lines(LINES * 3, picture, kind, path, "Logo")
    imported = read(path)
    assert [span.embed is not None for span in imported.spans].count(True) == 3
    assert len(imported.images) == 1


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_letters_that_xml_cannot_hold_keep_no_program_from_opening_a_file(qapp, tmp_path, kind):
    path = tmp_path / f"logo.{kind}"
    told = {"alt": "a\uffffb", "link": "https://example.org/\ufffe"}
    lines = [Line((Span("x\uffff", {"font": "Serif\ufffe"}), Span("", told, {"image": NAME})))]
    export_lines(lines, picture, kind, path, "\uffff")
    (image,) = (span for span in read(path).spans if span.embed is not None)
    assert image.attributes["alt"] == "ab"


def test_of_a_page_that_was_saved_it_is_told_what_is_not_in_it_and_what_is_left_out(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<p>a <img src="https://example.org/a.png"><img src="page_files/b.png"> <math><mi>x</mi></math> b</p>'
    )
    found = read(page)
    assert "".join(span.text for span in found.spans) == "a x b\n"
    assert found.differs == (
        "Images that are not in the file are left out. Formulas are lines of text here, such as a/b and x^2. "
        "The HTML file stays as it is."
    )
    page.write_text("<p>a <span hidden><math><mi>x</mi></math></span></p>")
    assert read(page).differs == ""


def test_where_the_pictures_of_notes_are_is_said_of_markdown(qapp, tmp_path):
    export_lines(LINES, picture, "markdown", tmp_path / "draft.md", "Title")
    (tmp_path / "note.md").write_text(f"a[^1]\n\n[^1]: see ![it](images/{'a' * 16}.png)")
    assert read(tmp_path / "note.md").differs == (
        "Images in notes stand in the text, behind the numbers of the notes. The Markdown file stays as it is."
    )


@pytest.mark.parametrize("address", ["secret.png", "images/../secret.png", "/secret.png", "images/x/../../secret.png"])
def test_no_other_files_than_the_pictures_beside_it_come_in_with_markdown(tmp_path, address):
    (tmp_path / "images" / "x").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "draft.md").write_text(f"![it]({address})")
    found = read(tmp_path / "draft.md")
    assert found.images == ()
    assert found.differs == (
        "Images that are not in the folder “images” beside the file are links. The Markdown file stays as it is."
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes and links here")
def test_a_link_to_another_file_or_a_pipe_that_is_called_like_a_picture_is_none(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "images" / "link.png").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "images" / "pipe.png")
    (tmp_path / "draft.md").write_text(f"![](images/link.png) ![](images/pipe.png) ![](images/{'x' * 300}.png)")
    assert read(tmp_path / "draft.md").images == ()


def test_a_file_that_would_fill_the_memory_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "log.txt"
    with path.open("wb") as file:
        file.truncate(imports.LARGEST + 1)
    with pytest.raises(imports.CannotImport) as raised:
        read(path)
    assert str(raised.value) == f"“{path}” could not be read: it has more than 32 MB; divide it, and open its parts."


def test_a_file_in_windows_1252_comes_in_and_that_is_said(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes("Le café est fermé.".encode("cp1252"))
    found = read(path)
    assert found.spans == (Span("Le café est fermé.\n"),)
    assert found.differs.startswith("The file is not in UTF-8 and was read as windows-1252.")
    assert "�" not in found.differs


def test_where_a_damaged_file_is_no_text_in_the_chosen_encoding_is_said(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes("Протокол ".encode("cp1251") + b"\x98")
    found = read(path, encoding="cp1251")
    assert found.spans == (Span("Протокол �\n"),)
    assert "What is no letter in this encoding is here as �." in found.differs


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes here")
@pytest.mark.parametrize("device", ["", "/dev/zero", "/dev/tty"])
def test_a_pipe_or_device_that_is_called_like_a_file_is_not_waited_for(tmp_path, device):
    path = tmp_path / "notes.docx"
    if device:
        path.symlink_to(device)
    else:
        os.mkfifo(path)
    for reads in (read, read_list):
        with pytest.raises(imports.CannotImport, match="it is a pipe or a device, not a file"):
            reads(path)


def test_of_markdown_whose_pictures_cannot_be_written_nothing_is(qapp, tmp_path):
    (tmp_path / "images").write_text("no folder")
    with pytest.raises(CannotExport):
        export_lines(LINES, picture, "markdown", tmp_path / "draft.md", "Title")
    assert [path.name for path in tmp_path.iterdir()] == ["images"]


def test_of_markdown_that_cannot_be_written_no_picture_is(qapp, tmp_path):
    (tmp_path / "draft.md").mkdir()
    with pytest.raises(CannotExport):
        export_lines(LINES, picture, "markdown", tmp_path / "draft.md", "Title")
    assert [path.name for path in Path(tmp_path).iterdir()] == ["draft.md"]


def asked() -> list[EncodingDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, EncodingDialog) and each.isVisible()]


def answer(dialog: EncodingDialog) -> None:
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "&Open").click()


@pytest.mark.parametrize("is_large", [False, True])
def test_a_file_that_does_not_say_its_encoding_opens_in_the_one_that_the_person_chooses(
    desk, tmp_path, monkeypatch, is_large
):
    monkeypatch.setattr("cowrite.app.files.reading.LARGE", 1 if is_large else 10_000)
    path = tmp_path / "議事録.txt"
    path.write_bytes("会议记录\n参加者：王小明\n".encode("gbk"))
    desk.application.start([str(path)])
    desk.until(asked)
    (dialog,) = asked()
    assert dialog.lines.toPlainText() == "会议记录\n参加者：王小明\n"
    dialog.encoding.setCurrentIndex(dialog.encoding.findData("koi8_r"))
    assert "王小明" not in dialog.lines.toPlainText()
    dialog.encoding.setCurrentIndex(dialog.encoding.findData("gb18030"))
    answer(dialog)
    desk.until(lambda: desk.application.documents.drafts)
    (draft,) = desk.application.documents.drafts
    assert "王小明" in draft.document.text()
    desk.until(lambda: not desk.application._library_flow.is_shown)
    assert "The file was read as Chinese, simplified (GB18030, GBK), as you chose." in notices(draft)


def test_of_several_files_each_is_asked_about_once_before_the_window_that_the_one_before_has_opened(desk, tmp_path):
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, path in enumerate(files):
        path.write_bytes(f"Протокол встречи, часть {number}\n".encode("cp1251"))
    desk.new()
    desk.application.open_all([str(path) for path in (*files, files[0])])
    for number in range(3):
        desk.until(asked)
        (dialog,) = asked()
        assert dialog.lines.toPlainText().endswith(f"{number}\n")
        assert dialog.parent() is desk.application.documents.drafts[-1].window
        if number == 1:
            dialog.reject()
        else:
            answer(dialog)
    assert [draft.document.text()[-2] for draft in desk.application.documents.drafts[1:]] == ["0", "2"]
