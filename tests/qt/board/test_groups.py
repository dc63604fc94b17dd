"""Notes are put into groups and merged, with mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from cowrite.core.board.items import Hand, Place, Tie
from cowrite.core.board.layout import TITLE
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.board.area_items import GroupItem
from cowrite.gui.board.board_scene import BoardScene
from cowrite.gui.board.command_table import COMMANDS
from cowrite.gui.board.describing import described
from cowrite.gui.board.note_item import SHEET
from helpers.board_seat import CTRL, SHIFT, BoardSeat, note, replica
from helpers.counting import counted
from helpers.mnemonics import doubled

Key = Qt.Key


def groups(seat: BoardSeat) -> dict[str, list[str]]:
    board = seat.brainstorm.board
    return {group.title: [each.text for each in board.members(group.id)] for group in board.groups()}


def drawn_title(seat: BoardSeat, group: GroupItem) -> str:
    """The words above a group, as they are drawn."""
    seat.canvas.grab()
    assert group._title is not None
    return group._title.text()


def test_ctrl_g_groups_and_its_title_is_written_at_once(seat):
    seat.select("three", "four")
    seat.press(Key.Key_G, CTRL)
    seat.type("Rest")
    seat.press(Key.Key_Return)
    assert groups(seat) == {"Pair": ["one", "two"], "Rest": ["three", "four"]}


def test_notes_that_lie_apart_come_together_when_they_are_grouped(seat):
    seat.add(note("between", -100, 60))
    seat.select("three", "four")
    seat.press(Key.Key_G, CTRL)
    seat.press(Key.Key_Escape)
    three, four = seat.note("three").place, seat.note("four").place
    assert abs(three.x - four.x) == 200
    assert three.y == four.y
    seat.view.undo()
    assert seat.note("four").place == Place(200, 50)
    assert groups(seat) == {"Pair": ["one", "two"]}


def test_a_note_that_is_dropped_on_a_group_is_in_it(seat):
    seat.drag(seat.middle("three"), seat.middle("one") + QPoint(20, 20))
    assert groups(seat) == {"Pair": ["one", "two", "three"]}
    seat.view.undo()
    assert groups(seat) == {"Pair": ["one", "two"]}
    assert seat.note("three").place == Place(-400, 50)


def test_the_group_shows_that_it_would_take_what_is_dragged(seat):
    (group,) = seat.scene.groups.values()
    seat.drag(seat.middle("three"), seat.middle("one"), drops=False)
    assert group.is_target
    seat.move_mouse(seat.at(300, 200))
    assert not group.is_target
    seat.press(Key.Key_Escape)


def test_a_note_that_is_dragged_out_of_its_group_is_in_none(seat):
    seat.drag(seat.middle("two"), seat.at(300, 200))
    assert groups(seat) == {"Pair": ["one"]}
    seat.view.undo()
    assert groups(seat) == {"Pair": ["one", "two"]}


def test_a_note_that_is_moved_within_its_group_stays_in_it(seat):
    seat.drag(seat.middle("two"), seat.middle("two") + QPoint(30, 10))
    assert groups(seat) == {"Pair": ["one", "two"]}
    assert seat.note("two").place == Place(-170, -190)


def test_a_group_is_dragged_by_its_title_with_all_its_notes(seat):
    (group,) = seat.scene.groups.values()
    title = seat.canvas.mapFromScene(group.title_rect().center())
    seat.drag(title, title + QPoint(50, 30))
    assert [seat.note(text).place for text in ("one", "two")] == [Place(-350, -170), Place(-150, -170)]
    assert groups(seat) == {"Pair": ["one", "two"]}
    seat.view.undo()
    assert seat.note("one").place == Place(-400, -200)


def test_all_notes_of_a_group_that_are_dragged_together_stay_in_it(seat):
    seat.select("one", "two")
    seat.drag(seat.middle("one"), seat.middle("one") + QPoint(300, 300))
    assert groups(seat) == {"Pair": ["one", "two"]}


def test_ctrl_shift_g_takes_out_of_the_group(seat):
    seat.select("two")
    seat.press(Key.Key_G, CTRL | SHIFT)
    assert groups(seat) == {"Pair": ["one"]}


def test_a_group_is_renamed_by_a_double_click_or_f2(seat):
    (group,) = seat.scene.groups.values()
    for name in ("Trains", "Buses"):
        title = seat.canvas.mapFromScene(group.title_rect().center())
        if name == "Buses":
            seat.click(title)
            seat.press(Key.Key_F2)
        else:
            seat.double_click(title)
        seat.type(name)
        seat.press(Key.Key_Return)
        assert list(groups(seat)) == [name]


def test_lines_that_are_pasted_into_a_title_are_one(seat):
    (group,) = seat.scene.groups
    seat.view.writing.edit(group)
    QGuiApplication.clipboard().setText("Trains\nand buses\n")
    seat.press(Key.Key_V, CTRL)
    seat.press(Key.Key_Return)
    assert list(groups(seat)) == ["Trains and buses"]


def test_of_a_title_without_end_the_beginning_is_shown(seat):
    (group,) = seat.scene.groups.values()
    seat.brainstorm.change({group.id: {"title": "x" * 1_000_000}})
    frame = seat.scene.frames[seat.brainstorm.board.add_frame("y" * 1_000_000, Place(0, 300, 300, 200))]
    assert max(len(group.words), len(frame.words)) < 1000


def test_behind_a_title_of_any_kind_stands_how_many_notes_the_group_has(seat):
    (group,) = seat.scene.groups.values()
    for title in ("Trains " * 60, "\u202esniarT", "קטארים"):  # long, turned, from the right
        seat.brainstorm.change({group.id: {"title": title}})
        shown = drawn_title(seat, group)
        assert shown.endswith("  2"), title
        assert ("…" in shown) == (len(title) > 100), title
        assert shown.startswith("\u2068") == (len(title) < 100), title  # so that it does not turn the number


def test_a_removed_group_leaves_its_notes(seat):
    (group,) = seat.scene.groups
    seat.scene.select([group])
    seat.press(Key.Key_Delete)
    assert groups(seat) == {}
    assert seat.texts() == ["one", "two", "three", "four"]


def test_a_note_that_is_begun_in_a_group_is_in_it(seat):
    seat.double_click(seat.at(-212, -90))
    seat.type("new")
    seat.press(Key.Key_Escape)
    assert groups(seat) == {"Pair": ["one", "two", "new"]}


def test_what_lies_sealed_is_not_put_into_a_group(sit):
    seat = sit()
    seat.add(note("open", -200, 0))
    seat.brainstorm.board.group(seat.ids("open"), "Open")
    seat.brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    seat.brainstorm.write([note("secret", 200, 100)])
    seat.drag(seat.middle("secret"), seat.middle("open"))
    seat.press(Key.Key_G, CTRL)
    seat.view.writing.new_note_at(QPointF(-110, 60))
    seat.type("another")
    seat.press(Key.Key_Escape)
    assert groups(seat) == {"Open": ["open"]}
    assert (seat.note("another").is_sealed, seat.note("another").group) == (True, "")


# Merging


def test_a_group_all_of_whose_notes_are_dragged_goes_with_them(seat):
    seat.select("one", "two")
    (group,) = seat.scene.groups.values()
    before, end = group.sceneBoundingRect(), seat.middle("one") + QPoint(0, 350)
    seat.drag(seat.middle("one"), end, drops=False)
    assert not group.sceneBoundingRect().intersects(before)
    seat.release(end)
    assert groups(seat) == {"Pair": ["one", "two"]}
    assert seat.note("two").place.y > 0


def test_m_merges_into_the_note_that_was_selected_first(seat):
    seat.click(seat.middle("three"))
    seat.click(seat.middle("one"), SHIFT)
    seat.click(seat.middle("four"), SHIFT)
    seat.press(Key.Key_M)
    assert seat.texts() == ["two", "three"]
    (three,) = seat.ids("three")
    assert seat.scene.notes[three].count == 2
    assert "stands for 2 more" in described(seat.scene.notes[three], seat.scene)
    assert len(seat.scene.notes) == 2
    seat.view.undo()
    assert seat.texts() == ["one", "two", "three", "four"]


def test_the_author_of_a_note_that_stands_for_others_is_written_above_the_sheets_below_it(sit):
    seat = sit()
    one, _two = seat.add(note("one", author="Ada"), note("two", 300, author="Ada"))
    item = seat.scene.notes[one]
    foot = item.rect().height() - item.text_rect().bottom()
    seat.select("one", "two")
    seat.press(Key.Key_M)
    assert item.count == 1
    assert item.rect().height() - item.text_rect().bottom() == foot + 2 * SHEET


def test_what_is_selected_is_asked_for_a_few_times_however_many_notes_are_merged(sit, monkeypatch):
    seat = sit()
    ids = seat.add(*(note(str(number), number * 200.0, 0) for number in range(20)))
    seat.scene.select(ids)
    asked = counted(monkeypatch, BoardScene, "selected")
    assert seat.view.commands.run(next(each for each in COMMANDS if each is not None and each.id == "merge"))
    assert len(asked) < 15
    assert seat.scene.notes[ids[0]].count == 19


def test_what_was_merged_is_split_off_beside(seat):
    seat.select("three", "four")
    seat.press(Key.Key_M)
    (three,) = seat.ids("three")
    assert seat.selected() == ["three"]
    seat.press(Key.Key_M, SHIFT)
    assert seat.texts() == ["one", "two", "three", "four"]
    assert seat.note("four").place.x > seat.note("three").place.x
    assert seat.scene.notes[three].count == 0


def test_notes_that_two_people_merge_into_each_other_stay_in_sight(seat):
    bo = replica(seat.brainstorm)
    one, two = seat.ids("three", "four")
    bo.board.merge_notes(two, [one])
    seat.brainstorm.board.merge_notes(one, [two])
    assert {"three", "four"} & set(seat.texts())
    assert len(seat.scene.notes) == 3


def test_of_a_group_without_notes_nothing_is_seen(sit, qtbot: QtBot):
    seat = sit()
    seat.add(note("one", 100, 100))
    seat.wait_until_sharp(qtbot)
    before = seat.canvas.grab().toImage()
    group = seat.brainstorm.board.group([], "Start")
    assert seat.canvas.grab().toImage() == before
    seat.brainstorm.board.put_into(group, seat.ids("one"))
    assert seat.scene.groups[group].isVisible()


# The assistant's


def test_a_adopts_what_the_assistant_wrote(sit):
    seat = sit()
    seat.add(note("proposed", hand=Hand.MODEL, lens="a cashier"))
    assert "not adopted" in described(seat.scene.notes[seat.ids("proposed")[0]], seat.scene)
    seat.select("proposed")
    menu = [action.text() for action in seat.view.commands.menu(seat.view).actions()]
    assert "&Adopt\tA" in menu
    seat.press(Key.Key_A)
    assert seat.note("proposed").hand is Hand.ADOPTED
    assert seat.brainstorm.visibility.options("")
    assert "&Adopt\tA" not in [action.text() for action in seat.view.commands.menu(seat.view).actions()]


def test_all_that_is_selected_is_read_out(seat):
    board = seat.brainstorm.board
    link = board.link(*seat.ids("one", "three"), Tie.SUPPORTS)
    frame = board.add_frame("Area", Place(0, 0))
    for id, words in (
        (seat.ids("one")[0], "one, in the group “Pair”"),
        (next(iter(seat.scene.groups)), "Group “Pair”, 2 notes"),
        (link, "Link: “one” supports “three”"),
        (frame, "Frame “Area”"),
    ):
        seat.scene.select([id])
        assert seat.canvas.accessibleDescription() == words


# The menu


def test_the_menu_offers_what_makes_sense_and_by_the_keyboard_too(seat):
    texts = [action.text() for action in seat.view.commands.menu(seat.view).actions()]
    assert "&New note\tN" in texts
    assert not any("M&erge" in text for text in texts)
    seat.select("three", "four")
    texts = [action.text() for action in seat.view.commands.menu(seat.view).actions()]
    assert any("M&erge" in text for text in texts)
    seat.view.show_read_only("You may read this document but not change it.")
    texts = [action.text() for action in seat.view.commands.menu(seat.view).actions() if action.text()]
    assert texts == ["Cop&y\tCtrl+C", "&Select all\tCtrl+A", "Sho&w all\tShift+1", "S&how the selection\tShift+2"]


def test_no_two_entries_of_a_menu_answer_to_the_same_letter(seat):
    seat.add(note("five", 0, 400, hand=Hand.MODEL), note("six", 200, 400), note("seven", 400, 400))
    board = seat.brainstorm.board
    board.change({seat.note("three").id: {"is_locked": True}})
    board.merge_notes(seat.note("six").id, [seat.note("seven").id])
    for selected in ([], ["one"], ["three"], ["six"], ["one", "two"], ["one", "two", "three", "four", "five"]):
        seat.select(*selected)
        menu = seat.view.commands.menu(seat.view)
        for each in (menu, *menu.findChildren(QMenu)):
            assert doubled(action.text() for action in each.actions()) == [], selected


def test_notes_of_a_group_that_lie_apart_are_joined_by_a_line(sit):
    seat = sit()
    ids = seat.add(note("here", 0, 0), note("there", 600, 0))
    seat.press(Key.Key_1, SHIFT)
    between = seat.at(390, 60)

    def seen() -> set[str]:
        image = seat.canvas.viewport().grab().toImage()
        return {image.pixelColor(between.x(), between.y() + dy).name() for dy in range(-3, 4)}

    assert len(seen()) == 1
    seat.brainstorm.board.group(ids, "far")
    assert len(seen()) > 1


def test_the_title_of_a_new_group_has_room_below_what_is_above_it(sit):
    seat = sit()
    seat.add(note("above", 0, 0), note("a", 0, 140), note("b", 200, 140))
    seat.select("a", "b")
    seat.press(Key.Key_G, CTRL)
    one, two = (seat.note(text).place for text in ("a", "b"))
    assert one.y - TITLE >= seat.note("above").place.y + seat.note("above").place.height
    assert (two.x - one.x, two.y) == (200, one.y)
