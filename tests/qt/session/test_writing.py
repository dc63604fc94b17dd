"""Writing in a session: sealed until the reveal, late and marked after it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QRadioButton

from cowrite.app.session.asking import ask_reveal
from cowrite.app.session.flow import SessionFlow
from cowrite.bridge.shared.kept_box import KeptBox
from cowrite.bridge.shared.sealed import Reach
from cowrite.core.board.frames import frame_of
from cowrite.core.board.items import Note, Place
from cowrite.core.brainstorm.session_places import laid_out
from cowrite.core.sessions.sessions import VARIANTS, Phase, Session
from cowrite.sync.rights import Rights
from helpers.counting import counted
from helpers.desk import texts
from helpers.session_table import Table

FRAMES = {"For": 0.0, "Against": 480.0}  # where they begin on the board


def test_notes_lie_sealed_and_not_in_the_document_until_the_reveal(table: Table) -> None:
    table.begin()
    assert table.find(QLabel, "What lies sealed", table.flow.bar).text() == "No notes yet"
    table.write("Trees", "Benches")
    assert [table.find(QListWidget, "Your notes").item(row).text() for row in (0, 1)] == ["Benches", "Trees"]
    assert table.brainstorm.visibility.published() == []
    assert b"Trees" not in table.draft.document.state()
    assert table.find(QLabel, "What lies sealed", table.flow.bar).text() == "1 person, 2 notes sealed"

    table.bar("Next").click()
    assert {note.text for note in table.brainstorm.visibility.published()} == {"Trees", "Benches"}
    assert table.flow.session.phase is Phase.REVEAL
    assert table.flow.session.is_revealed
    table.draft.window.actions_["session_back"].trigger()
    table.flow.refresh()
    assert table.bar_text("What this phase is for") == "Keep writing; the others see your notes right away"


def test_sealed_notes_are_changed_and_removed_on_the_pad(table: Table) -> None:
    table.begin()
    table.write("Trees", "Benches")
    first, second = table.brainstorm.box.notes(table.flow.session.id)
    table.pad.changed.emit(first.id, "Trees", "Lindens")
    table.pad.removed.emit([second.id])
    assert [note.text for note in table.brainstorm.box.notes(table.flow.session.id)] == ["Lindens"]


def test_a_note_of_several_lines_is_changed_on_the_pad_and_keeps_its_lines(table: Table) -> None:
    table.begin()
    table.draft.window.activateWindow()
    table.desk.until(table.draft.window.isActiveWindow)
    line = table.find(QPlainTextEdit, "A new note")
    QTest.keyClicks(line, "Shade")
    QTest.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    table.write("in July")
    notes = table.find(QListWidget, "Your notes")
    notes.setFocus()
    for key, text in ((Qt.Key.Key_Return, "Shade\nin July!"), (Qt.Key.Key_F2, "Shade\nin July!!")):
        QTest.keyClick(notes, key)
        *_, field = notes.findChildren(QLineEdit)
        QTest.keyClick(field, Qt.Key.Key_End)
        QTest.keyClicks(field, "!")
        QTest.keyClick(field, Qt.Key.Key_Return)
        table.desk.until(lambda text=text: [note.text for note in table.brainstorm.visibility.notes()] == [text])


def test_what_a_teammate_writes_in_a_note_that_is_being_changed_on_the_pad_stays(table: Table) -> None:
    (id,) = table.brainstorm.write([Note("", "Shade", Place(0, 0), session=table.begin(Phase.BUILD, is_revealed=True))])
    table.flow.refresh()
    notes = table.find(QListWidget, "Your notes")
    notes.setFocus()
    QTest.keyClick(notes, Qt.Key.Key_Return)
    table.brainstorm.change({id: {"text": "Shade in July"}})
    table.flow.refresh()
    field = notes.findChild(QLineEdit)
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClicks(field, "!")
    QTest.keyClick(field, Qt.Key.Key_Return)
    table.desk.until(lambda: table.brainstorm.visibility.note(id).text == "Shade in July!")


def test_revealed_notes_lie_beside_each_other(table: Table) -> None:
    table.begin()
    table.write(*(f"Idea {number}" for number in range(8)))
    table.bar("Next").click()
    table.desk.until(lambda: not table.flow.leading._lays_out)
    places = {(note.place.x, note.place.y) for note in table.brainstorm.visibility.published()}
    assert len(places) == 8
    assert not table.brainstorm.can_undo()  # nobody takes back for all where the reveal has put them


@pytest.mark.parametrize("seals", [True, False])
def test_notes_written_below_a_prompt_come_into_the_frame_that_is_called_so(table: Table, seals: bool) -> None:
    for_, against = (table.brainstorm.board.add_frame(title, Place(x, 0, 440, 300)) for title, x in FRAMES.items())
    table.begin(prompts=("For: What speaks for it?", "Against: What does not?", "Unknown: What else?"))
    if not seals:
        table.bar("Next").click()
        table.draft.window.actions_["session_back"].trigger()
        table.flow.refresh()
    table.write("Shade", "Birds", "Air")
    table.pad.turn(1)
    table.write("Leaves")
    table.pad.turn(1)
    table.write("Roots")
    if seals:
        table.bar("Next").click()
        table.desk.until(lambda: not table.flow.leading._lays_out)
    frames = {frame.id: frame for frame in table.brainstorm.board.frames()}
    held: dict[str, set[str]] = {}
    for note in table.brainstorm.visibility.published():
        frame = frame_of(note.place, frames.values())
        held.setdefault(frame.title if frame else "", set()).add(note.text)
    assert held == {"For": {"Shade", "Birds", "Air"}, "Against": {"Leaves"}, "": {"Roots"}}
    assert all(frames[id].place.height >= 300 for id in (for_, against))


def test_many_revealed_notes_lie_in_the_shape_of_a_screen(table: Table) -> None:
    id = table.begin(Phase.REVEAL, is_revealed=True)
    table.brainstorm.board.add(Note("", f"Idea {number}", Place(0, 0), session=id) for number in range(300))
    places = [change["place"] for change in laid_out(table.brainstorm, id).values()]
    width, height = max(each.x for each in places), max(each.y for each in places)
    assert len({(each.x, each.y) for each in places}) == 300
    assert 1.3 < width / height < 2


def test_a_note_finds_its_place_among_many_with_few_looks_at_them(table: Table, monkeypatch) -> None:
    table.begin()
    session = table.flow.session.id
    table.bar("Next").click()
    table.flow.look(Phase.BUILD)
    grid = [Place(number % 6 * 200.0, number // 6 * 140.0) for number in range(120)]
    table.brainstorm.board.add([Note("", "taken", place, session=session) for place in grid])
    looked = counted(monkeypatch, Place, "overlaps")
    table.write("Sand")
    (sand,) = (note for note in table.brainstorm.visibility.published() if note.text == "Sand")
    assert (sand.place.x, sand.place.y) == (0, 20 * 140)
    assert len(looked) < 1000


def test_what_is_written_after_the_reveal_is_taken_and_marked_as_late(table: Table) -> None:
    table.begin()
    table.bar("Next").click()
    table.flow.look(Phase.WRITE)
    table.write("Sand")
    (note,) = table.brainstorm.visibility.published()
    assert note.is_late
    notes = table.find(QListWidget, "Your notes")
    assert notes.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Sand, late"
    assert "What is written now is marked as late." in table.text("Who sees these notes")


def test_what_is_written_after_the_agreed_day_is_marked_as_late_and_still_sealed(table: Table) -> None:
    table.begin(writes_until=1)
    table.write("Sand")
    (note,) = table.brainstorm.box.notes(table.flow.session.id)
    assert note.is_late
    assert "marked as late" in table.find(QLabel, "Who sees these notes").text()


def test_skipping_the_reveal_reveals_all_the_same(table: Table) -> None:
    table.begin(phases=VARIANTS["solo"])
    table.write("Trees")
    table.bar("Next").click()
    assert table.flow.session.phase is Phase.BUILD
    assert [note.text for note in table.brainstorm.visibility.published()] == ["Trees"]


def test_who_has_handed_in_is_known_by_name_and_not_in_a_nameless_session(table: Table) -> None:
    id = table.begin()
    table.write("Trees")
    assert table.brainstorm.sessions.contributed(id) == ["Ada"]
    nameless = table.begin(is_anonymous=True)
    table.write("Benches")
    assert table.brainstorm.sessions.contributed(nameless) == []
    assert b"Ada" not in repr(table.draft.document.entries("board").get(nameless)).encode()


def test_undo_takes_back_the_sealed_note_and_not_what_one_did_on_the_board_before(table: Table) -> None:
    table.draft.window.activateWindow()
    table.brainstorm.write([Note("", "An old one", Place(0, 0))])
    id = table.begin()
    table.write("Trees", "Benches")
    table.desk.until(table.draft.window.isActiveWindow)
    table.pad.take_keyboard()
    undo, redo = (table.draft.window.actions_[name] for name in ("undo", "redo"))
    table.desk.until(undo.isEnabled)
    undo.trigger()
    assert [note.text for note in table.brainstorm.box.notes(id)] == ["Trees"]
    table.desk.until(redo.isEnabled)
    redo.trigger()
    assert [note.text for note in table.brainstorm.box.notes(id)] == ["Trees", "Benches"]
    assert [note.text for note in table.brainstorm.visibility.published()] == ["An old one"]


def test_ones_own_note_that_is_locked_stays_as_it_is_on_the_pad_too(table: Table) -> None:
    table.begin(Phase.BUILD, is_revealed=True)
    table.write("Sand")
    (note,) = table.brainstorm.visibility.published()
    table.brainstorm.board.change({note.id: {"is_locked": True}})
    table.flow.refresh()
    notes = table.find(QListWidget, "Your notes")
    assert notes.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Sand, locked"
    notes.setFocus()
    QTest.keyClick(notes, Qt.Key.Key_Return)
    assert notes.findChild(QLineEdit) is None
    QTest.keyClick(notes, Qt.Key.Key_Delete)
    assert [note.text for note in table.brainstorm.visibility.published()] == ["Sand"]


def test_a_picture_of_ones_own_has_a_name_on_the_pad(table: Table) -> None:
    id = table.begin(Phase.BUILD, is_revealed=True)
    table.brainstorm.write([Note("", "", Place(0, 0), image="sha256:" + "0" * 64)])
    table.brainstorm.board.add([Note("", "", Place(0, 0), author="Bo", session=id, image="sha256:" + "0" * 64)])
    table.flow.refresh()
    assert table.find(QListWidget, "Your notes").item(0).text() == "Image"
    assert table.find(QRadioButton, "Build on: Image").text() == "Image"


def test_a_press_too_many_reveals_nothing_before_anybody_has_written(table: Table, monkeypatch) -> None:
    monkeypatch.setattr(SessionFlow, "taking_part", ["Ada", "Bo"])
    table.begin()
    table.bar("Next").click()
    dialog = table.flow.dialog
    assert dialog.informativeText() == (
        "Bo is not done yet. Nobody has written anything yet, and everybody will see later notes right away."
    )
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert table.flow.session.phase is Phase.WRITE
    assert not table.flow.session.is_revealed

    table.write("Trees")
    table.bar("Next").click()
    assert table.flow.dialog.informativeText() == "Bo is not done yet. What comes later is accepted too."
    QTest.keyClick(table.flow.dialog, Qt.Key.Key_Return)
    assert table.flow.session.is_revealed


def test_of_a_class_that_is_not_done_some_are_named_and_the_others_counted(table: Table) -> None:
    names = [f"Pupil {number}" for number in range(1, 30)]
    asked = ask_reveal(names, table.draft.window, lambda: None, has_notes=True)
    assert "Pupil 12 and 17 more are not done yet." in asked.informativeText()
    asked = ask_reveal(names[:3], table.draft.window, lambda: None, has_notes=True)
    assert "Pupil 1, Pupil 2 and Pupil 3 are not done yet." in asked.informativeText()


def test_nobody_is_told_that_nothing_was_written_before_that_is_known(table: Table, monkeypatch) -> None:
    monkeypatch.setattr(KeptBox, "is_counted", lambda _box: False)  # such as where one has opened it without a network
    monkeypatch.setattr(SessionFlow, "taking_part", ["Ada", "Bo"])
    table.begin()
    assert table.bar_text("What lies sealed") == ""
    table.bar("Next").click()
    assert table.flow.dialog.informativeText() == "Bo is not done yet. What comes later is accepted too."
    table.flow.dialog.reject()
    monkeypatch.undo()
    table.flow.refresh()
    assert table.bar_text("What lies sealed") == "No notes yet"


def test_whoever_has_revealed_is_not_asked_to_do_so_again_while_the_notes_are_on_their_way(table, monkeypatch) -> None:
    table.begin()
    table.write("Trees")
    reveal = KeptBox.reveal
    monkeypatch.setattr(KeptBox, "reveal", lambda _box, _session: None)  # the server has not answered yet
    table.bar("Next").click()
    assert "The notes are being revealed" in texts(table.view.plain)
    assert not [each for each in table.view.plain.findChildren(QAbstractButton) if each.isVisible()]
    reveal(table.brainstorm.box, table.flow.session.id)
    table.desk.until(lambda: "All notes at once" in texts(table.view.plain))


def test_it_is_said_where_notes_lie_also_at_a_server_of_an_earlier_version_which_keeps_nothing_sealed(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.begin()
    for reach, place in (
        (Reach.HERE, "on the server, which gives them to nobody else until all are revealed"),
        (Reach.NONE, "on this computer"),
    ):
        shared = SimpleNamespace(sealed=SimpleNamespace(reach=reach))
        draft = SimpleNamespace(shared=shared, connection=table.draft.connection)
        monkeypatch.setattr(table.flow.pages, "_draft", draft)
        table.flow.pages.show()
        assert any(f"They lie {place}." in each for each in texts(table.pad)), reach


def test_half_a_note_of_whoever_becomes_a_viewer_can_be_copied_and_is_kept_by_nobody(table: Table) -> None:
    table.begin()
    line = table.find(QPlainTextEdit, "A new note")
    QTest.keyClicks(line, "Half a no")
    table.draft.connection.take_rights(Rights(False, False, False))
    for key in (Qt.Key.Key_A, Qt.Key.Key_C):
        QTest.keyClick(line, key, Qt.KeyboardModifier.ControlModifier)
    for key in (Qt.Key.Key_T, Qt.Key.Key_Return):
        QTest.keyClick(line, key)
    assert QGuiApplication.clipboard().text() == "Half a no"
    QGuiApplication.clipboard().setText("one\ntwo")
    table.view.paste()
    table.view.keep()
    assert line.toPlainText() == "Half a no"
    assert table.brainstorm.box.notes(table.flow.session.id) == []
    table.draft.connection.take_rights(Rights(True, True, True))
    QTest.keyClicks(line, "te")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert [note.text for note in table.brainstorm.box.notes(table.flow.session.id)] == ["te"]


@pytest.mark.parametrize("has_ended", [False, True])
def test_words_on_the_pad_go_to_the_session_whose_question_stood_above_them(table: Table, has_ended: bool) -> None:
    nameless = table.begin(is_anonymous=True)
    line = table.find(QPlainTextEdit, "A new note")
    QTest.keyClicks(line, "Trees")
    if has_ended:
        table.brainstorm.sessions.change(nameless, is_over=True)
    other = table.brainstorm.sessions.begin(Session("", "What do we eat?", phase=Phase.WRITE))
    table.flow.refresh()
    assert table.text("Question") == "How might we rest?"
    QTest.keyClick(line, Qt.Key.Key_Return)
    table.brainstorm.box.reveal(nameless)

    (note,) = table.brainstorm.visibility.published()
    assert (note.text, note.session, note.author) == ("Trees", nameless, "")
    table.desk.until(lambda: table.text("Question") == "What do we eat?")
    table.write("Cake")
    (cake,) = table.brainstorm.box.notes(other)
    assert cake.author == "Ada"


@pytest.mark.parametrize("answer", ["Keep as a note", "Drop"])
@pytest.mark.parametrize("goes_on", [False, True])
def test_words_whose_session_was_replaced_are_kept_or_dropped_and_give_way(
    table: Table, answer: str, goes_on: bool
) -> None:
    first = table.begin()
    QTest.keyClicks(table.find(QPlainTextEdit, "A new note"), "Trees")
    table.flow.refresh()
    assert not [each for each in table.view.findChildren(QAbstractButton) if each.text() == answer]
    table.brainstorm.sessions.change(first, is_over=True)
    if goes_on:
        table.brainstorm.sessions.begin(Session("", "What do we eat?", phase=Phase.RATE))
    table.flow.refresh()
    why = "“What do we eat?” has begun." if goes_on else "The session is over."
    assert f"{why} You were still writing a note for “How might we rest?”." in texts(table.view)
    table.find(QAbstractButton, answer).click()
    table.desk.until(lambda: table.view.page is (table.view.polls if goes_on else table.view.plain))
    assert [note.text for note in table.brainstorm.visibility.published()] == (["Trees"] if answer != "Drop" else [])
    assert table.pad.findChild(QPlainTextEdit).toPlainText() == ""


def test_the_pages_grow_with_the_zoom(table: Table) -> None:
    table.begin()
    line = table.find(QPlainTextEdit, "A new note")
    before = line.fontMetrics().height()
    table.draft.window.actions_["zoom_in"].trigger()
    table.draft.window.actions_["zoom_in"].trigger()
    assert line.fontMetrics().height() > before


def test_the_edit_menu_reaches_the_pad(table: Table) -> None:
    table.begin()
    actions = table.draft.window.actions_
    QGuiApplication.clipboard().setText("- Trees\n- Benches")
    actions["paste"].trigger()
    table.flow.refresh()
    assert [note.text for note in table.brainstorm.box.notes(table.flow.session.id)] == ["Trees", "Benches"]
    line = table.find(QPlainTextEdit, "A new note")
    QTest.keyClicks(line, "Sand")
    actions["select_all"].trigger()
    actions["cut"].trigger()
    assert (line.toPlainText(), QGuiApplication.clipboard().text()) == ("", "Sand")
    table.find(QListWidget, "Your notes").setFocus()
    actions["select_all"].trigger()
    actions["copy"].trigger()
    assert set(QGuiApplication.clipboard().text().split("\n")) == {"Trees", "Benches"}


def test_a_note_that_was_taken_away_after_the_reveal_comes_back_with_undo(table: Table) -> None:
    table.begin(Phase.BUILD, is_revealed=True)
    table.write("Trees")
    notes = table.find(QListWidget, "Your notes")
    notes.setFocus()
    QTest.keyClick(notes, Qt.Key.Key_Delete)
    assert table.brainstorm.visibility.published() == []
    table.desk.until(table.draft.window.actions_["undo"].isEnabled)
    table.draft.window.actions_["undo"].trigger()
    assert [note.text for note in table.brainstorm.visibility.published()] == ["Trees"]
