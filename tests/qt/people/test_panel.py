"""The people panel: who is here, what they do, and how to get to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import SPACING, Theme, named
from cowrite.gui.people.avatar import initials
from cowrite.gui.people.byline import by_whom
from cowrite.gui.people.identity_fields import ColourChoice
from cowrite.gui.people.people_panel import AVATAR, BUTTON, MOST_ROWS, PeoplePanel, PersonRow
from cowrite.gui.people.person import Person, shown_facts, shown_name

MIA = Person("1", "Mia Chen", PEOPLE[0].light, is_me=True, role="Owner", activity="writing in “Introduction”")
JONAS = Person("2", "Jonas Weber", PEOPLE[4].light, role="Editor", activity="idle")
AMARA = Person("3", "Amara Okafor", PEOPLE[2].light, role="Viewer")


@pytest.fixture
def panel(qtbot: QtBot) -> PeoplePanel:
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    panel.resize(264, 600)
    panel.show_people([MIA, JONAS, AMARA])
    panel.show()
    return panel


def row(panel: PeoplePanel, person: Person) -> PersonRow:
    (found,) = [each for each in panel.findChildren(PersonRow) if each.person.id == person.id and not each.isHidden()]
    return found


def visible_texts(panel: PeoplePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_of_more_people_than_anybody_looks_through_the_first_have_rows_and_all_are_counted(panel: PeoplePanel) -> None:
    panel.show_people([MIA, *(Person(str(number), "Jo", PEOPLE[0].light) for number in range(10, 400))])
    assert len(panel.findChildren(PersonRow)) <= MOST_ROWS + 2
    assert "People · 391" in visible_texts(panel)


def test_the_menu_of_a_row_does_what_the_row_and_its_button_do(panel: PeoplePanel) -> None:
    went: list[object] = []
    panel.person_activated.connect(went.append)
    panel.follow_toggled.connect(lambda id, on: went.append((id, on)))

    def menu(person: Person) -> QMenu:
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(row(panel, person), asked)
        found = QApplication.activePopupWidget()
        assert isinstance(found, QMenu)
        return found

    entries = menu(JONAS).actions()
    for entry in entries:
        entry.trigger()
    assert went == [JONAS.id, (JONAS.id, True)]
    menu(JONAS).close()
    (change,) = menu(MIA).actions()
    change.trigger()
    assert row(panel, MIA).edit.isChecked()
    menu(MIA).close()


def test_who_comes_and_goes_is_read_out_gathered_and_nobody_who_is_back_at_once(panel: PeoplePanel, heard) -> None:
    panel._settled.setInterval(0)
    panel._tell()
    assert heard == ["Jonas Weber, Amara Okafor are here now"]
    panel.show_people([MIA, AMARA])
    panel.show_people([MIA, JONAS, AMARA])
    panel._tell()
    panel.show_people([MIA, AMARA._replace(activity="writing")])
    panel._tell()
    assert heard[1:] == ["Jonas Weber is no longer here"]


def test_initials_come_from_the_first_and_the_last_word() -> None:
    assert initials("Mia Chen") == "MC"
    assert initials("Ana de la Cruz") == "AC"
    assert initials("lev") == "L"
    assert initials("Anna (2)") == "A"
    assert initials("Mia Chen (3)") == "MC"
    assert initials("“Mia” @chen -") == "MC"
    assert initials("***") == "*"
    assert initials("  ") == "?"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("👩‍🚀 Ada", "👩‍🚀A"),
        ("🇩🇪 Ben", "🇩🇪B"),
        ("निशा शर्मा", "निश"),
        ("e\u0301milie zola", "E\u0301Z"),
        ("ßa", "ß"),
        ("王 小明", "王小"),
        ("Ada \ud83d", "A\ud83d"),
    ],
)
def test_an_initial_is_a_whole_letter_or_sign(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_a_screen_reader_hears_name_role_and_activity(panel: PeoplePanel) -> None:
    assert row(panel, MIA).accessibleName() == "Mia Chen (you), Owner, writing in “Introduction”"
    assert row(panel, JONAS).accessibleName() == "Jonas Weber, Editor, idle"
    assert row(panel, AMARA).accessibleName() == "Amara Okafor, Viewer"


def test_role_and_activity_stand_in_one_line_below_every_name() -> None:
    assert shown_facts(MIA) == "Owner · writing in “Introduction”"
    assert shown_facts(AMARA) == "Viewer"


def test_a_long_name_is_cut_before_the_word_that_it_is_ones_own(panel: PeoplePanel) -> None:
    metrics, name = panel.fontMetrics(), "Wolfeschlegelsteinhausenbergerdorff"
    mine, theirs = (shown_name(Person("1", name, "#c4314b", is_me=own), metrics, 160) for own in (True, False))
    assert mine.startswith("Wolfe")
    assert mine.endswith("… (you)")
    assert theirs.endswith("…")
    assert max(map(metrics.horizontalAdvance, (mine, theirs))) <= 160
    assert shown_name(Person("1", "Ada", "#c4314b", is_me=True), metrics, 160) == "Ada (you)"


def test_a_name_leaves_room_for_what_its_bearer_says_and_turns_nothing_of_it() -> None:
    assert len(by_whom("x" * 1_000, "")) == 80
    assert by_whom("Ada \u05d0\u05d1", "said Bo") == "\u2068Ada \u05d0\u05d1\u2069, said Bo"
    assert by_whom("", "said Ada") == "Somebody, said Ada"


@pytest.mark.parametrize("size", [9, 16, 24])
def test_a_usual_name_has_room_in_whichever_size_the_system_sets_its_letters(panel: PeoplePanel, size: int) -> None:
    font = QFont(panel.font())
    font.setPointSize(size)
    panel.setFont(font)
    font.setWeight(QFont.Weight.DemiBold)
    metrics = named("light").metrics
    room = panel.sizeHint().width() - 2 * SPACING - metrics.avatar - AVATAR - metrics.row_button - BUTTON
    mia = MIA._replace(name="Mia Chen-Rossi")
    assert shown_name(mia, QFontMetrics(font), room) == "Mia Chen-Rossi (you)"


def test_pressing_a_person_goes_to_them_by_mouse_and_by_keyboard(panel: PeoplePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.person_activated) as went:
        qtbot.mouseClick(row(panel, JONAS), Qt.MouseButton.LeftButton)
    assert went.args == ["2"]
    with qtbot.waitSignal(panel.person_activated) as went:
        qtbot.keyClick(row(panel, AMARA), Qt.Key.Key_Space)
    assert went.args == ["3"]


def test_following_is_switched_on_and_off(panel: PeoplePanel, qtbot: QtBot) -> None:
    follow = row(panel, JONAS).follow
    with qtbot.waitSignal(panel.follow_toggled) as toggled:
        follow.click()
    assert toggled.args == ["2", True]
    panel.show_people([MIA, JONAS, AMARA], following="2")
    assert follow.accessibleName() == "Stop following Jonas Weber"
    with qtbot.waitSignal(panel.follow_toggled) as toggled:
        follow.click()
    assert toggled.args == ["2", False]


def test_showing_whom_one_follows_emits_nothing(panel: PeoplePanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.follow_toggled):
        panel.show_people([MIA, JONAS, AMARA], following="3")
    assert row(panel, AMARA).follow.isChecked()


def test_one_cannot_follow_oneself(panel: PeoplePanel) -> None:
    assert row(panel, MIA).follow.isHidden()
    assert not row(panel, MIA).edit.isHidden()
    assert row(panel, JONAS).edit.isHidden()


def test_a_person_who_left_is_gone_and_the_others_keep_their_rows(panel: PeoplePanel) -> None:
    amara = row(panel, AMARA)
    amara.setFocus()
    panel.show_people([MIA, AMARA])
    assert row(panel, AMARA) is amara
    assert amara.hasFocus()
    assert [each.person.id for each in panel.findChildren(PersonRow) if not each.isHidden()] == ["1", "3"]


def test_up_and_down_walk_from_person_to_person(panel: PeoplePanel, qtbot: QtBot) -> None:
    row(panel, MIA).setFocus()
    qtbot.keyClick(row(panel, MIA), Qt.Key.Key_Down)
    assert row(panel, JONAS).hasFocus()
    qtbot.keyClick(row(panel, JONAS), Qt.Key.Key_Up)
    qtbot.keyClick(row(panel, MIA), Qt.Key.Key_Up)
    assert row(panel, MIA).hasFocus()


def test_someone_alone_is_asked_to_share(panel: PeoplePanel, qtbot: QtBot) -> None:
    sentence = "Only you are here. Share the document to invite teammates."
    assert sentence not in visible_texts(panel)
    panel.show_people([MIA])
    assert sentence in visible_texts(panel)
    (share,) = [each for each in panel.findChildren(QPushButton) if each.text() == "Share…"]
    with qtbot.waitSignal(panel.share_requested):
        share.click()
    panel.show_people([MIA], shared=True)
    assert "Nobody else is here now. Teammates appear while they and you are connected." in visible_texts(panel)
    assert sentence not in visible_texts(panel)
    panel.show_people([MIA], shared=True, away=True)
    assert "You are not connected, so you do not see who else is here." in visible_texts(panel)


def test_the_heading_counts_the_people(panel: PeoplePanel) -> None:
    assert "People · 3" in visible_texts(panel)


def change_me(panel: PeoplePanel) -> tuple[QLineEdit, ColourChoice]:
    row(panel, MIA).edit.setChecked(True)
    return panel.findChildren(QLineEdit)[0], panel.findChildren(ColourChoice)[0]


def button(panel: PeoplePanel, text: str) -> QAbstractButton:
    (found,) = [each for each in panel.findChildren(QPushButton) if each.text() == text]
    return found


def test_ones_own_name_and_colour_are_changed_in_place(panel: PeoplePanel, qtbot: QtBot) -> None:
    name, colour = change_me(panel)
    assert name.hasFocus()
    name.setText("  Mia  ")
    colour.show_colour(PEOPLE[5].light)
    with qtbot.waitSignal(panel.me_changed) as changed:
        button(panel, "Save").click()
    assert changed.args == ["Mia", PEOPLE[5].light]
    assert not name.isVisible()
    assert not row(panel, MIA).edit.isChecked()
    assert row(panel, MIA).edit.hasFocus()


def test_escape_leaves_name_and_colour_as_they_were(panel: PeoplePanel, qtbot: QtBot) -> None:
    name, _ = change_me(panel)
    name.setText("Somebody else")
    with qtbot.assertNotEmitted(panel.me_changed):
        qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert not name.isVisible()
    assert change_me(panel)[0].text() == "Mia Chen"


def test_a_name_being_typed_survives_news_about_others(panel: PeoplePanel) -> None:
    name, _ = change_me(panel)
    name.setText("Mia C.")
    panel.show_people([MIA, JONAS])
    assert name.text() == "Mia C."


def test_nobody_can_be_nameless(panel: PeoplePanel) -> None:
    name, _ = change_me(panel)
    name.setText("   ")
    assert not button(panel, "Save").isEnabled()


def test_the_colours_are_chosen_with_the_arrow_keys(panel: PeoplePanel, qtbot: QtBot) -> None:
    _, colours = change_me(panel)
    dots = colours.findChildren(QAbstractButton)
    assert [dot.accessibleName() for dot in dots] == [swatch.name for swatch in PEOPLE]
    dots[0].setFocus()
    qtbot.keyClick(dots[0], Qt.Key.Key_Right)
    qtbot.keyClick(dots[1], Qt.Key.Key_Down)
    assert colours.colour() == PEOPLE[7].light
    assert dots[7].hasFocus()


def test_the_panel_is_painted_in_the_dark_as_well(panel: PeoplePanel, dress: Callable[[Theme], None]) -> None:
    dress(named("dark"))
    picture = row(panel, JONAS).grab().toImage()
    colours = {picture.pixelColor(x, picture.height() // 2).name() for x in range(picture.width())}
    assert PEOPLE[4].dark in colours
