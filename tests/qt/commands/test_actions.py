"""The table of actions: complete, named, and without two that answer to one key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListView,
    QMenu,
    QMenuBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.gui.assistant.first_choice import FirstChoice
from cowrite.gui.assistant.model_page import ModelPage
from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.gui.assistant.values import Alteration, ModelRow, Outcome, Subject, TaskChoice
from cowrite.gui.commands.actions import Actions, FormatState
from cowrite.gui.commands.menus import MENUS, plain, shortcuts, specs
from cowrite.gui.commands.own_keys import words_of
from cowrite.gui.dialogs.preferences_dialog import Preferences, PreferencesDialog
from cowrite.gui.library.cards import DocumentCard
from cowrite.gui.library.window import LibraryWindow
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import Theme, named
from cowrite.gui.page.find_bar import FindBar
from cowrite.gui.people.join_dialog import JoinDialog
from cowrite.gui.people.people_panel import PeoplePanel
from cowrite.gui.people.person import Person
from cowrite.gui.people.share_dialog import ShareDialog
from cowrite.gui.window.notice_bar import Answer, Notice, NoticeBar
from cowrite.gui.window.status_strip import StatusStrip
from cowrite.gui.window.toolbar import FormatToolbar
from helpers.mnemonics import MNEMONIC, doubled

ON_A_MAC = """
import json, sys
import PySide6.QtWidgets
sys.platform = "darwin"
from cowrite.gui.commands.menus import specs
print(json.dumps({spec.id: [key for key in spec.keys if isinstance(key, str)] for spec in specs()}))
"""


@pytest.fixture
def actions(qtbot: QtBot) -> Actions:
    return Actions()


def checked(actions: Actions) -> set[str]:
    return {id_ for id_ in actions if actions[id_].isChecked()}


def menu_bar(actions: Actions) -> QMenuBar:
    """A menu bar with all commands."""
    bar = QMenuBar()
    actions.fill(bar)
    return bar


def test_no_two_actions_share_an_id() -> None:
    assert [id_ for id_, count in Counter(spec.id for spec in specs()).items() if count > 1] == []


def test_no_two_actions_share_a_shortcut(qtbot: QtBot) -> None:
    keys = Counter(key.toString() for spec in specs() for key in shortcuts(spec))
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_two_entries_of_a_menu_share_a_mnemonic(actions: Actions) -> None:
    bar = menu_bar(actions)
    menus = [bar, *bar.findChildren(QMenu)]
    assert len(menus) > len(MENUS)
    for menu in menus:
        assert doubled(entry.text() for entry in menu.actions()) == [], menu.accessibleName()


def test_every_entry_of_a_menu_has_a_mnemonic(actions: Actions) -> None:
    bar = menu_bar(actions)
    entries = [entry for menu in (bar, *bar.findChildren(QMenu)) for entry in menu.actions()]
    without = [entry.text() for entry in entries if not entry.isSeparator() and not MNEMONIC.search(entry.text())]
    assert without == []


def test_every_action_says_what_it_does_and_by_which_key(actions: Actions) -> None:
    for spec in specs():
        action = actions[spec.id]
        assert action.toolTip().startswith(plain(spec.text))
        assert action.statusTip()
        assert action.whatsThis().endswith(".")
        if not action.shortcut().isEmpty():
            assert action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) in action.toolTip()


@pytest.mark.parametrize(
    ("id_", "key"),
    [
        ("paragraph", "Ctrl+Alt+0"), ("heading_1", "Ctrl+Alt+1"), ("heading_6", "Ctrl+Alt+6"), ("zoom_reset", "Ctrl+0"),
        ("ordered_list", "Ctrl+Shift+7"), ("bullet_list", "Ctrl+Shift+8"), ("check_list", "Ctrl+Shift+9"),
        ("link", "Ctrl+K"), ("code", "Ctrl+E"), ("bold", "Ctrl+B"), ("italic", "Ctrl+I"), ("underline", "Ctrl+U"),
        ("undo", "Ctrl+Z"), ("find", "Ctrl+F"), ("replace", "Ctrl+H"), ("preferences", "Ctrl+,"), ("close", "Ctrl+W"),
        ("full_screen", "F11"), ("rename", "F2"), ("new", "Ctrl+N"), ("copy", "Ctrl+C"),
        ("save_copy", "Ctrl+Shift+S"), ("strike", "Alt+Shift+5"), ("lines_up", "Alt+Shift+Up"),
        ("lines_down", "Alt+Shift+Down"), ("history", "Ctrl+Alt+Shift+H"), ("show_comments", "Ctrl+Alt+Shift+A"),
    ],
)  # fmt: skip
def test_the_usual_keys_do_the_usual_things(actions: Actions, id_: str, key: str) -> None:
    assert key in [sequence.toString() for sequence in actions[id_].shortcuts()]


@pytest.mark.parametrize("above", ['=!"§$%&/()', '=!"#¤%&/()', '=!"·$%&/()', '=+"*ç%&/()', ")!@#$%^&*(", ')!"£$%^&*('])
def test_no_two_actions_share_a_key_where_a_sign_stands_above_a_digit(qtbot: QtBot, above: str) -> None:
    # Of German, Nordic, Spanish, Swiss, American and British keyboards. Qt takes Ctrl+Shift+7 for Ctrl+/ as well there,
    # and of two actions it then triggers none.
    bound = {key.toString() for spec in specs() for key in shortcuts(spec)}
    for digit, sign in enumerate(above):
        assert not {f"Ctrl+Shift+{digit}", f"Ctrl+{sign}"} <= bound, sign
        assert not {f"Ctrl+Alt+Shift+{digit}", f"Ctrl+Alt+{sign}"} <= bound, sign


def test_no_key_is_one_that_macos_keeps_for_itself_and_replacing_has_one() -> None:
    shown = json.loads(subprocess.check_output([sys.executable, "-c", ON_A_MAC]))
    of_the_system = {"Ctrl+H", "Ctrl+M", "Ctrl+Alt+H", "Ctrl+Alt+D", "Ctrl+Space", "F11", "Alt+Up"}
    assert not of_the_system.intersection(key for keys in shown.values() for key in keys)
    keys = Counter(key for keys in shown.values() for key in keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert shown["replace"] == ["Ctrl+Alt+F"]
    assert shown["full_screen"] == ["Ctrl+Meta+F"]


@pytest.mark.parametrize("id_", ["next_change", "new_decision"])
def test_what_has_a_key_by_which_a_screen_reader_is_started_has_another_one_too(id_: str) -> None:
    started = {"Ctrl+Alt+J", "Ctrl+Alt+N"}  # JAWS and NVDA, by the shortcuts that they put on the desktop
    (spec,) = [spec for spec in specs() if spec.id == id_]
    assert set(spec.keys) & started
    assert set(spec.keys) - started


def test_redo_answers_to_both_customs(actions: Actions) -> None:
    assert {"Ctrl+Y", "Ctrl+Shift+Z"} <= {sequence.toString() for sequence in actions["redo"].shortcuts()}


def test_the_menu_bar_offers_every_action(actions: Actions, qtbot: QtBot) -> None:
    bar = menu_bar(actions)
    qtbot.addWidget(bar)
    found = set()
    waiting = list(bar.actions())
    while waiting:
        action = waiting.pop()
        found.add(action.objectName())
        if action.menu():
            waiting.extend(action.menu().actions())
    assert set(actions) <= found
    assert [plain(menu.title) for menu in MENUS] == [
        "File",
        "Edit",
        "Insert",
        "Format",
        "Brainstorm",
        "Assistant",
        "Share",
        "View",
        "Help",
    ]


def test_the_caret_ticks_what_holds_there(actions: Actions) -> None:
    plain_letters = {"font_page", "size_normal"}
    actions.show_state(FormatState(bold=True, code=True, header=3, list="unchecked", side="center", script="sub"))
    ticked = {"bold", "code", "heading_3", "check_list", "align_center", "direction_auto", "subscript"} | plain_letters
    assert checked(actions) == ticked
    actions.show_state(FormatState(blockquote=True, list="ordered"))
    assert checked(actions) == {"blockquote", "ordered_list", "align_left", "direction_auto"} | plain_letters
    actions.show_state(FormatState(side="right", direction="rtl", font="serif", size="24px"))
    assert checked(actions) == {"paragraph", "align_right", "direction_rtl", "font_serif", "size_18"}
    actions.show_state(FormatState(font="Garamond", size=""))
    assert checked(actions) == {"paragraph", "align_left", "direction_auto"}


def test_moving_the_caret_triggers_nothing(actions: Actions) -> None:
    triggered: list[str] = []
    for id_ in actions:
        actions[id_].triggered.connect(lambda _=False, id_=id_: triggered.append(id_))
    actions.show_state(FormatState(bold=True, header=1, list="bullet"))
    assert triggered == []


def test_undo_can_be_chosen_only_when_there_is_something_to_take_back(actions: Actions) -> None:
    assert not actions["undo"].isEnabled()
    actions.show_state(FormatState(can_undo=True))
    assert actions["undo"].isEnabled()
    assert not actions["redo"].isEnabled()


def test_a_reader_can_copy_and_find_but_change_nothing(actions: Actions) -> None:
    actions.show_state(FormatState(read_only=True, can_undo=True, can_redo=True))
    assert not any(actions[spec.id].isEnabled() for spec in specs() if spec.edits)
    assert {"bold", "paste", "undo", "replace", "link", "align_left"} <= {spec.id for spec in specs() if spec.edits}
    assert all(actions[id_].isEnabled() for id_ in ("copy", "find", "select_all", "save_copy", "export_pdf", "share"))


def test_a_recent_document_is_chosen_by_its_path(actions: Actions, qtbot: QtBot) -> None:
    bar = menu_bar(actions)
    qtbot.addWidget(bar)
    actions.show_recent([("/home/mia/Plan.cowrite", "Plan & budget")])
    (recent,) = [
        entry.menu() for entry in bar.actions()[0].menu().actions() if entry.menu() and "recent" in plain(entry.text())
    ]
    assert recent.actions() == []  # filled when it is looked at, for every window has one
    recent.aboutToShow.emit()
    (entry,) = recent.actions()
    assert entry.text() == "Plan && budget"
    with qtbot.waitSignal(actions.recent_chosen) as chosen:
        entry.trigger()
    assert chosen.args == ["/home/mia/Plan.cowrite"]
    actions.show_recent([])
    assert not recent.isEnabled()


def _chrome() -> list[QWidget]:
    """One of each part of the chrome, filled so that all its controls are there."""
    theme = named("light")
    people = PeoplePanel()
    people.show_people([Person("1", "Mia", PEOPLE[0].light, is_me=True), Person("2", "Jo", PEOPLE[1].light)])
    notices = NoticeBar()
    notices.show_notice(Notice("full", "problem", "The disk is full.", (Answer("again", "Try again"),)))
    assistant = AssistantPanel(theme)
    assistant.form.show_tasks([TaskChoice("ask", "Ask", "With quotes", "Read", Subject.DOCUMENT, "Your question")])
    difference = ("We have ", Alteration(0, "one", "a"), " wall.")
    assistant.show_outcome(Outcome("Shorter", difference=difference, accepting="Accept", is_final=True))
    models = ModelPage()
    models.show_models([ModelRow("small", "Small", is_here=True), ModelRow("large", "Large")])
    library = LibraryWindow()
    library.show_cards([DocumentCard("/a", "Plan", "Today")])
    return [
        FormatToolbar(Actions(), theme),
        people,
        notices,
        library,
        StatusStrip(),
        FindBar(),
        ShareDialog("Plan"),
        JoinDialog(),
        PreferencesDialog(Preferences(), (("system", "As the system"), ("en", "English"))),
        assistant,
        models,
        FirstChoice(),
    ]


def test_every_control_of_the_chrome_has_a_name_for_screen_readers_and_a_tooltip(qtbot: QtBot) -> None:
    controls = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)
    seen = 0
    for part in _chrome():
        qtbot.addWidget(part)
        for control in part.findChildren(QWidget):
            # What Qt puts inside a control of its own speaks through that control.
            inner = control.objectName().startswith("qt_") or isinstance(control.parent(), (*controls, QListView))
            if isinstance(control, controls) and not inner:
                seen += 1
                where = f"{type(part).__name__}: {type(control).__name__} {control.accessibleName()!r}"
                assert control.accessibleName(), where
                assert control.toolTip(), where
    assert seen > 70


def test_every_part_of_the_chrome_takes_another_theme_while_it_is_shown(
    dress: Callable[[Theme], None], qtbot: QtBot
) -> None:
    dress(named("light"))
    parts = _chrome()
    for part in parts:
        qtbot.addWidget(part)
        part.show()
    before = [part.grab().toImage() for part in parts]
    dress(named("dark"))
    for part in parts:
        if isinstance(part, (AssistantPanel, FormatToolbar)):  # others ask for the theme when they paint
            part.show_theme(named("dark"))
    assert all(part.grab().toImage() != light for part, light in zip(parts, before, strict=True))


def test_a_button_that_does_what_a_command_does_says_its_key(draft: Draft) -> None:
    keys = {spec.text.replace("&", ""): words_of(shortcuts(spec)[0]) for spec in specs() if shortcuts(spec)}
    tips = {}
    for view in ("draft", "board", "ideas", "decisions", "session"):
        draft.window.actions_[f"view_{view}"].trigger()
        buttons = [each for each in draft.window.findChildren(QPushButton) if each.isVisible()]
        tips |= {each.text(): each.toolTip() for each in buttons if each.text() in keys}
    assert tips.keys() >= {"Share…", "Begin a session…", "New decision"}
    assert [words for words, tip in tips.items() if keys[words] not in tip] == []


def test_the_button_that_closes_a_panel_says_by_which_key_it_comes_and_goes(draft: Draft) -> None:
    for id in ("show_headings", "show_comments", "show_changes", "show_assistant"):
        action = draft.window.actions_[id]
        action.trigger()
        (close,) = [
            each
            for each in draft.window.findChildren(QAbstractButton)
            if each.accessibleName().startswith("Close the ") and each.isVisible()
        ]
        assert words_of(action.shortcut()) in close.toolTip(), id
        assert words_of(action.shortcut()) not in close.accessibleName(), id
        action.trigger()
