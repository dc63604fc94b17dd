"""The board as a picture: what everybody has, whole or in part."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QApplication, QFileDialog

from cowrite.app.board import picture
from cowrite.app.board.picture import MARGIN, NothingToExport, drawn_board
from cowrite.app.draft.draft import Draft
from cowrite.core.board.items import Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.board.board_scene import no_image
from cowrite.gui.board.looks import swatch
from cowrite.gui.commands.shortcuts_dialog import ShortcutsDialog
from cowrite.gui.look.theme import named
from helpers.board_seat import Images, new_brainstorm, note
from helpers.called import read_out
from helpers.colours import colours
from helpers.desk import notices


def paper(name: str) -> str:
    return swatch(name, named("light"))


def export_board(brainstorm: Brainstorm, kind: str, path: Path, only: Iterable[str] = (), images=no_image) -> None:
    path.write_bytes(drawn_board(brainstorm, kind, "Title", only, images)())


def test_a_png_shows_all_that_there_is(qapp, tmp_path):
    brainstorm = new_brainstorm()
    brainstorm.board.add([note("one", 0, 0, colour="pink"), note("two", 600, 300, colour="green")])
    brainstorm.board.add_frame("Area", Place(-100, -100, 300, 300))
    export_board(brainstorm, "png", tmp_path / "board.png")
    image = QImage(str(tmp_path / "board.png"))
    assert {paper("pink"), paper("green"), named("light").page} <= colours(image).keys()
    assert image.width() >= 2 * (880 + 2 * MARGIN)


def drawn(path: Path) -> list[bytes]:
    """What a PDF file draws, unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", path.read_bytes(), re.DOTALL)
    return [zlib.decompress(each) for each in found if each.startswith(b"x")]


def test_letters_stay_letters_in_a_pdf(qapp, tmp_path):
    brainstorm = new_brainstorm()
    brainstorm.board.add([note("Late trains"), note("Dirty seats", 300)])
    export_board(brainstorm, "pdf", tmp_path / "board.pdf")
    content = (tmp_path / "board.pdf").read_bytes()
    assert content.count(b"/Type /Page\n") == 1
    assert b"/ToUnicode" in content
    assert b"/Subtype /Image" not in content


def test_only_a_part_is_shown_where_one_is_chosen(qapp, tmp_path):
    brainstorm = new_brainstorm()
    one, two, _ = brainstorm.board.add([note("one", colour="pink"), note("two", 200, colour="green"), note("x", 900)])
    brainstorm.board.group([two], "Group")
    (group,) = brainstorm.board.groups()
    brainstorm.board.link(one, two)
    export_board(brainstorm, "png", tmp_path / "one.png", [one])
    assert paper("pink") in colours(QImage(str(tmp_path / "one.png")))
    assert paper("green") not in colours(QImage(str(tmp_path / "one.png")))
    export_board(brainstorm, "png", tmp_path / "group.png", [group.id])
    assert paper("green") in colours(QImage(str(tmp_path / "group.png")))
    assert paper("pink") not in colours(QImage(str(tmp_path / "group.png")))


def test_what_lies_sealed_is_in_no_picture(qapp, tmp_path):
    brainstorm = new_brainstorm()
    brainstorm.board.add([note("open", colour="pink")])
    brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    brainstorm.write([note("secret", 300, colour="green")])
    export_board(brainstorm, "png", tmp_path / "board.png")
    assert paper("green") not in colours(QImage(str(tmp_path / "board.png")))
    export_board(brainstorm, "pdf", tmp_path / "with.pdf")
    brainstorm.remove([each.id for each in brainstorm.visibility.notes() if each.is_sealed])
    export_board(brainstorm, "pdf", tmp_path / "without.pdf")
    assert drawn(tmp_path / "with.pdf") == drawn(tmp_path / "without.pdf")


def test_a_picture_on_a_note_is_in_the_picture(qapp, tmp_path):
    brainstorm, images = new_brainstorm(), Images()
    brainstorm.board.add([note("", image=images.put(b"", "image/png"))])
    export_board(brainstorm, "png", tmp_path / "board.png", images=images.image)
    assert "#0000ff" in colours(QImage(str(tmp_path / "board.png")))


@pytest.mark.parametrize("height", [3_000, 80_000])
def test_a_huge_board_fits_into_a_picture_that_can_be_opened(qapp, tmp_path, monkeypatch, height):
    assert QImageReader.allocationLimit() << 20 >= 4 * picture.MOST_PIXELS
    monkeypatch.setattr(picture, "LONGEST_SIDE", 1200)  # ten times less, which are soon written
    monkeypatch.setattr(picture, "MOST_PIXELS", 640_000)
    brainstorm = new_brainstorm()
    brainstorm.board.add([note("one", -40_000, 0), note("two", 40_000, height)])
    export_board(brainstorm, "png", tmp_path / "board.png")
    image = QImage(str(tmp_path / "board.png"))
    assert max(image.width(), image.height()) in range(700, 1201)
    assert image.width() * image.height() <= 650_000


def test_no_page_of_a_pdf_is_longer_than_programs_show(qapp, tmp_path):
    brainstorm = new_brainstorm()
    brainstorm.write([note("first"), note("last", 0, 30_000)])
    export_board(brainstorm, "pdf", tmp_path / "board.pdf")
    (page,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", (tmp_path / "board.pdf").read_bytes())
    assert max(map(float, page)) <= 14_400


def test_an_empty_board_is_no_picture(qapp, tmp_path):
    with pytest.raises(NothingToExport):
        export_board(new_brainstorm(), "png", tmp_path / "board.png")
    assert not (tmp_path / "board.png").exists()


# In the window


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    def ask(name: str) -> Path:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / name), ""))
        return tmp_path / name

    return ask


def test_the_export_menu_writes_the_board_or_what_is_selected_on_it(desk, ask):
    draft = desk.new()
    one, _ = draft.brainstorming.brainstorm.board.add([note("one", colour="pink"), note("two", 300, colour="green")])
    path = ask("all.png")
    draft.window.actions_["export_board_png"].trigger()
    draft.exporting.finish()
    assert {paper("pink"), paper("green")} <= colours(QImage(str(path))).keys()
    draft.brainstorming.show("board")
    draft.brainstorming.view("board").scene.select([one])
    path = ask("part.png")
    draft.window.actions_["export_board_png"].trigger()
    draft.exporting.finish()
    assert paper("green") not in colours(QImage(str(path)))
    assert "selected" in notices(draft)


def test_one_goes_on_while_a_large_picture_is_packed_and_can_do_without_it(desk, ask, monkeypatch):
    draft = desk.new()
    draft.brainstorming.brainstorm.board.add([note("one")])
    go, packs = Event(), picture.png_of
    monkeypatch.setattr(picture, "png_of", lambda image: packs(image) if go.wait(30) else b"")
    path = ask("board.png")
    draft.window.actions_["export_board_png"].trigger()
    desk.until(lambda: "is being written" in notices(draft))
    draft.window.notices.answered.emit(*draft.window.notices.ids(), "stop")
    go.set()
    draft.exporting.finish()
    assert "was not written" in notices(draft)
    assert not path.exists()


def test_a_picture_that_cannot_be_written_is_said(desk, ask):
    draft = desk.new()
    ask("none.png")
    draft.window.actions_["export_board_png"].trigger()
    assert "nothing on the board" in notices(draft)
    draft.brainstorming.brainstorm.board.add([note("one")])
    ask("no/board.png")
    draft.window.actions_["export_board_png"].trigger()
    draft.exporting.finish()
    assert "could not be written" in notices(draft)


def test_the_board_has_the_images_of_the_draft(desk):
    draft = desk.new()
    draft.brainstorming.show("board")
    view = draft.brainstorming.view("board")
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QApplication.clipboard().setImage(picture)
    draft.window.actions_["paste"].trigger()
    (shown,) = view.scene.notes.values()
    assert draft.images.image(shown.note.image) is not None
    at = view.canvas.mapFromScene(shown.mapToScene(QPointF(shown.rect().center())))
    view.scene.select([])
    assert view.canvas.viewport().grab().toImage().pixelColor(at).name() == "#ff0000"


def test_the_keys_of_the_board_are_shown_while_it_is(desk):
    draft = desk.new()
    draft.window.actions_["shortcuts"].trigger()
    assert "Merge into the first" not in shortcuts(draft)
    draft.brainstorming.show("board")
    draft.window.actions_["shortcuts"].trigger()
    assert "Merge into the first" in shortcuts(draft)
    assert "Take out of the group: Ctrl+Shift+G" in shortcuts(draft)


def shortcuts(draft: Draft) -> str:
    dialog = draft.window.findChildren(ShortcutsDialog)[-1]
    dialog.close()
    return "\n".join(read_out(dialog.tree))


def test_edit_and_view_menus_mean_the_board_while_it_is_shown(desk):
    draft = desk.new()
    actions = draft.window.actions_
    actions["view_board"].trigger()
    view = draft.brainstorming.view("board")
    QApplication.clipboard().setText("one\ntwo")
    actions["paste"].trigger()
    assert len(view.scene.notes) == 2
    assert actions["undo"].isEnabled()
    actions["undo"].trigger()
    assert view.scene.notes == {}
    actions["redo"].trigger()
    actions["select_all"].trigger()
    assert len(view.scene.selected()) == 2
    actions["find"].trigger()
    assert view.find_bar.isVisible()
    actions["zoom_in"].trigger()
    assert view.canvas.zoom == draft.window.zoom
    assert draft.document.text() == "\n"
