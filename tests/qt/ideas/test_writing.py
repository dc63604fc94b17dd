"""The list of ideas: writing, grouping and merging by keys in a real window."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from cowrite.bridge.file import image_files
from cowrite.core.board.items import COLOURS, Note, Place, Tie
from helpers.idea_desk import focused, paste_by_menu


def test_ideas_are_written_one_after_the_other_without_leaving_the_line_and_it_is_read_out(desk, heard):
    desk = desk()
    assert focused(desk.view) is desk.view.list.input

    for idea in ("Herbs", "Bench"):
        desk.type(idea)
        desk.press("Return")

    desk.until_shown("All ideas:", "Herbs", "Bench")
    assert focused(desk.view) is desk.view.list.input
    assert desk.view.list.input.text() == ""
    assert heard == ["Written"] * 2
    assert {note.author for note in desk.brainstorm.visibility.notes()} == {"Ada"}


def test_a_list_that_is_pasted_is_many_ideas_and_one_step_of_undo(desk):
    desk = desk("Old")
    QGuiApplication.clipboard().setText("## To eat\n- Herbs\n- Berries\n\n## To sit\n- Bench\n")
    desk.view.list.input.setFocus()

    desk.press("Ctrl+V")

    desk.until_shown("To eat:", "Herbs", "Berries", "To sit:", "Bench", "In no group:", "Old")
    desk.view.undo()
    desk.until_shown("All ideas:", "Old")


def test_a_list_that_is_pasted_by_the_menu_of_the_line_is_many_ideas_too(desk):
    desk = desk()
    QGuiApplication.clipboard().setText("- Herbs\n- Bench")
    paste_by_menu(desk.view.list.input)
    desk.until_shown("All ideas:", "Herbs", "Bench")


def test_a_line_that_is_too_long_for_an_idea_is_said_to_be_so_and_not_cut_off(desk):
    desk = desk()
    QGuiApplication.clipboard().setText("x" * 20_001)
    desk.press("Ctrl+V")
    assert desk.view.list.input.text() == ""
    assert "is longer than 20,000 characters" in desk.view.list._message.text()


def test_a_line_of_signs_that_the_line_for_ideas_has_no_room_for_comes_in_whole(desk):
    desk = desk()
    QGuiApplication.clipboard().setText("🌳" * 10_001)  # Qt counts two units for each
    desk.press("Ctrl+V")
    desk.until_shown("All ideas:", "🌳" * 10_001)


def test_what_cannot_be_read_is_said_and_nothing_comes_in(desk):
    desk = desk("Old")
    QGuiApplication.clipboard().setText("x" * 20_001)
    desk.at("Old")

    desk.view.paste()

    assert desk.texts == ["All ideas:", "Old"]
    assert "longer than 20,000 characters" in desk.view.list._message.text()
    assert desk.view.list._message.isVisible()


def test_a_note_is_edited_in_its_place_in_several_lines(desk):
    desk = desk("Herbs", "Bench")
    desk.at("Bench")

    desk.press("F2")
    desk.type("Two")
    desk.press("Shift+Return")
    desk.type("lines")
    desk.press("Return")

    desk.until_shown("All ideas:", "Herbs", "Two\nlines")
    assert focused(desk.view) is desk.view.list.tree
    desk.view.undo()
    desk.until_shown("All ideas:", "Herbs", "Bench")


def test_a_space_at_which_no_line_breaks_stays_one_when_its_note_is_edited(desk):
    desk = desk("Où est-il\u00a0?")
    desk.at("Où est-il\u00a0?")
    desk.press("Return", "End")
    desk.type("!")
    desk.press("Return")
    desk.until_shown("All ideas:", "Où est-il\u00a0?!")


def test_escape_leaves_a_note_as_it_was(desk):
    desk = desk("Herbs")
    desk.at("Herbs")

    desk.press("Return")
    desk.type("no")
    desk.press("Esc")

    assert desk.brainstorm.visibility.notes()[0].text == "Herbs"
    assert focused(desk.view) is desk.view.list.tree


def test_notes_are_merged_into_the_current_one_and_split_off(desk):
    desk = desk("Bench", "Pond", "A bench")
    desk.select("A bench", "Bench")

    desk.press("M")
    desk.until_shown("All ideas:", "Bench", "  A bench", "Pond")
    assert desk.current == "Bench"
    assert "stands for 1 more" in desk.view.list.tree.current_row.said
    desk.press("Shift+M")

    desk.until_shown("All ideas:", "Bench", "Pond", "A bench")


def test_deleted_rows_leave_the_keyboard_at_what_follows(desk):
    desk = desk("one", "two", "three", "four")
    desk.select("two", "three")
    desk.press("Delete")
    desk.until_shown("All ideas:", "one", "four")
    assert desk.current == "four"
    desk.press("Delete")
    desk.until_shown("All ideas:", "one")
    assert desk.current == "one"


def test_n_writes_into_the_group_where_one_stands(desk):
    desk = desk("Herbs", "Pond")
    desk.brainstorm.board.group(desk.ids[:1], "To eat")
    desk.until_shown("To eat:", "Herbs", "In no group:", "Pond")
    desk.at("Herbs")

    desk.press("N")
    assert desk.view.list.input.accessibleName() == "Write an idea for “To eat”"
    desk.type("Berries")
    desk.press("Return", "Esc")
    desk.type("Bench")
    desk.press("Return")

    desk.until_shown("To eat:", "Herbs", "Berries", "In no group:", "Pond", "Bench")


def test_the_line_says_into_which_group_it_writes_whatever_becomes_of_that(desk):
    desk = desk("Herbs")
    group = desk.brainstorm.board.group(desk.ids, "To eat")
    desk.until_shown("To eat:", "Herbs")
    desk.at("Herbs")
    desk.press("N")
    desk.brainstorm.change({group: {"title": "To drink"}})
    desk.until_shown("To drink:", "Herbs")
    assert desk.view.list.input.accessibleName() == "Write an idea for “To drink”"
    desk.brainstorm.remove([group])
    desk.until_shown("All ideas:", "Herbs")
    assert desk.view.list.input.accessibleName() == "Write an idea"


def test_undo_of_the_menu_takes_back_what_is_being_typed_first(desk):
    desk = desk("Herbs")
    for edits in (True, False):
        if edits:
            desk.at("Herbs")
            desk.press("Return", "End")
        else:
            desk.view.list.input.setFocus()
        desk.type("!")
        desk.view.undo()
        assert focused(desk.view).text() == ("Herbs" if edits else "")
        desk.press("Esc")
    desk.view.undo()
    desk.until_shown()


def test_what_is_locked_stays_as_it_is_until_it_is_unlocked(desk):
    desk = desk("Herbs", "Bench")
    desk.at("Herbs")
    desk.press("K")
    desk.qtbot.waitUntil(lambda: "locked" in desk.rows[1].said)

    desk.press("Return")
    assert focused(desk.view) is desk.view.list.tree
    assert desk.view.list._message.text() == "What is locked stays as it is; Shift+K unlocks it."
    desk.select("Herbs", "Bench")
    desk.press("Delete")
    desk.until_shown("All ideas:", "Herbs")

    desk.at("Herbs")
    desk.press("Shift+K")
    desk.qtbot.waitUntil(lambda: "locked" not in desk.rows[1].said)
    desk.press("Delete")
    desk.until_shown()


def test_notes_are_linked_by_keys_and_what_the_link_says_is_said_otherwise_and_taken_back(desk):
    desk = desk("Herbs", "Bench")
    herbs, bench = desk.ids
    links = desk.brainstorm.board.links
    desk.select("Herbs", "Bench")

    desk.press("L", "B")
    assert [(link.start, link.end, link.tie) for link in links()] == [(bench, herbs, Tie.BUILDS_ON)]

    desk.press("L", "C")
    assert [(link.start, link.end, link.tie) for link in links()] == [(bench, herbs, Tie.CONTRADICTS)]

    desk.press("L", "N")
    assert links() == []
    desk.view.undo()
    assert [link.tie for link in links()] == [Tie.CONTRADICTS]


def test_a_picture_is_pasted_as_a_note(desk):
    desk = desk("Old")
    desk.brainstorm.board.group(desk.ids, "Yard")
    desk.until_shown("Yard:", "Old")
    picture = QImage(20, 10, QImage.Format.Format_RGB32)
    picture.fill(0)
    QGuiApplication.clipboard().setImage(picture)
    desk.at("Old")
    desk.view.paste()

    desk.until_shown("Yard:", "Old", "Image")
    (name,) = desk.images.stored
    assert [note.image for note in desk.brainstorm.visibility.notes()] == ["", name]
    assert desk.images.stored[name].startswith(b"\x89PNG")
    desk.view.list.input.setFocus()
    desk.press("Ctrl+V")
    desk.until_shown("Yard:", "Old", "Image", "In no group:", "Image")
    desk.view.undo()
    desk.until_shown("Yard:", "Old", "Image")


def test_pictures_that_take_long_to_read_come_in_the_group_in_which_they_were_pasted(desk, monkeypatch, tmp_path):
    monkeypatch.setattr(image_files, "LARGE_IMAGES", 1)
    desk = desk("Old", "Other")
    desk.brainstorm.board.group(desk.ids[:1], "Yard")
    desk.until_shown("Yard:", "Old", "In no group:", "Other")
    file = tmp_path / "wall.png"
    QImage(20, 10, QImage.Format.Format_RGB32).save(str(file))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    QGuiApplication.clipboard().setMimeData(data)
    desk.at("Old")
    desk.view.paste()
    assert not desk.images.stored
    desk.at("Other")
    desk.until_shown("Yard:", "Old", "Image", "In no group:", "Other")
    assert [note.image for note in desk.brainstorm.visibility.notes() if note.image] == list(desk.images.stored)


def test_the_text_on_a_picture_is_deleted_and_the_picture_stays(desk):
    desk = desk()
    desk.brainstorm.write([Note("", "caption", Place(0, 0), image="sha256:x")])
    desk.until_shown("All ideas:", "caption")
    desk.at("caption")
    desk.press("Return", "Delete", "Return")
    desk.until_shown("All ideas:", "Image")


def test_a_group_is_cut_with_its_notes(desk):
    desk = desk("Herbs", "Bench", "Roses")
    desk.brainstorm.board.group(desk.ids[:2], "Garden")
    desk.until_shown("Garden:", "Herbs", "Bench", "In no group:", "Roses")
    desk.at("Garden")
    desk.view.cut()
    desk.until_shown("All ideas:", "Roses")
    desk.view.paste()
    desk.until_shown("Garden:", "Herbs", "Bench", "In no group:", "Roses")
    desk.view.undo()
    desk.until_shown("All ideas:", "Roses")
    desk.view.undo()
    desk.until_shown("Garden:", "Herbs", "Bench", "In no group:", "Roses")


def test_that_there_is_nothing_to_paste_is_said(desk):
    desk = desk("Old")
    QGuiApplication.clipboard().clear()
    desk.at("Old")
    desk.view.paste()
    assert desk.view.list._message.text() == "There is no text or image to paste."
    assert desk.texts == ["All ideas:", "Old"]


def test_notes_are_duplicated_within_their_group_as_one_act(desk):
    desk = desk("Herbs", "Bench", "Pond")
    desk.brainstorm.board.group(desk.ids[:2], "Yard")
    desk.brainstorm.board.change({desk.ids[0]: {"colour": "green"}})
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.select("Herbs", "Bench")
    desk.press("Ctrl+D")

    desk.until_shown("Yard:", "Herbs", "Bench", "Herbs", "Bench", "In no group:", "Pond")
    assert [note.colour for note in desk.brainstorm.visibility.notes()] == [
        "green",
        "yellow",
        "yellow",
        "green",
        "yellow",
    ]
    places = [note.place for note in desk.brainstorm.visibility.notes()]
    assert len({(place.x, place.y) for place in places[2:]}) == 3
    desk.view.undo()
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")


def test_the_digits_give_colours_as_on_the_board(desk):
    desk = desk("Herbs", "Bench")
    desk.brainstorm.board.change({desk.ids[0]: {"colour": "pink", "is_locked": True}, desk.ids[1]: {"colour": "pink"}})
    desk.until_shown("All ideas:", "Herbs", "Bench")
    given = []
    for key in range(1, len(COLOURS) + 1):
        desk.select("Herbs", "Bench")
        desk.press(str(key))
        given.append([note.colour for note in desk.brainstorm.visibility.notes()])
    assert given == [["pink", colour] for colour in COLOURS]


def test_the_digits_and_the_copying_are_said_with_the_other_keys_and_locked_notes_keep_their_colour(desk):
    desk = desk("Herbs")
    desk.brainstorm.board.change({desk.ids[0]: {"is_locked": True}})
    desk.view.list.refresh()
    desk.at("Herbs")
    desk.press("3")
    assert desk.view.list._message.text() == "What is locked stays as it is; Shift+K unlocks it."
    keys = dict(desk.view.keys())
    assert keys["Duplicate"] == "Ctrl+D"
    assert keys["Colour: yellow, orange, red, pink, purple, blue, green, grey"] == "1 to 8"


def test_a_locked_note_is_merged_into_no_other(desk):
    desk = desk("Herbs", "Mint")
    desk.brainstorm.change({desk.ids[0]: {"is_locked": True}})
    desk.qtbot.waitUntil(lambda: desk.rows[1].is_locked)
    desk.select("Herbs", "Mint")

    desk.press("M")

    desk.until_shown("All ideas:", "Herbs", "Mint")
    assert "locked" in desk.view.list._message.text()
    desk.select("Mint", "Herbs")
    desk.press("M")
    desk.until_shown("All ideas:", "Herbs", "  Mint")
