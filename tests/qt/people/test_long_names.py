"""Names and titles that are longer than their place in what is said of people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.look.theme import Theme, named
from cowrite.gui.people.identity_fields import NAME_LIMIT
from cowrite.gui.people.members_dialog import MembersDialog, MembersShown
from cowrite.gui.people.share_dialog import ShareDialog
from cowrite.gui.widgets.asking import ask_whether
from cowrite_server.wire.members import Act, InviteSummary, MemberList, MemberSummary
from cowrite_server.wire.protocol import Role
from helpers.called import the

NOW = 1_900_000_000_000
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
TITLE = "Which of the roads to the sea are mended first, and who pays for them? " * 3
LIST = MemberList(
    (MemberSummary(1, "Ada", Role.OWNER, None, 0, NOW, here=True), MemberSummary(2, LONG, Role.EDITOR, 3, 0, 0, False)),
    (InviteSummary(3, Role.COMMENTER, 0, 1, None, 5, 2, None),),
)


@pytest.fixture(params=[1, 2])
def dressed(request: pytest.FixtureRequest, qapp: QApplication, dress: Callable[[Theme], None]) -> Iterator[None]:
    """What people see, in letters of the usual size and twice as large."""
    usual = qapp.font()
    letters = QFont(usual)
    letters.setPointSizeF(request.param * usual.pointSizeF())
    qapp.setFont(letters)
    dress(named("light"))
    yield
    qapp.setFont(usual)


@pytest.fixture
def dialog(dressed: None, qtbot: QtBot) -> MembersDialog:
    """It is as small as it can be."""
    dialog = MembersDialog(TITLE[:170])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_members(MembersShown(LIST, Role.OWNER, 1))
    QCoreApplication.sendPostedEvents()  # all is laid out then
    dialog.resize(1, 1)
    return dialog


def is_in(widget: QWidget, place: QWidget) -> bool:
    """Whether all of a widget is seen in a place, from side to side."""
    at = widget.mapTo(place, QPoint()).x()
    return at >= 0 and at + widget.width() <= place.width()


@pytest.mark.parametrize(
    "name", [LONG, "W" * NAME_LIMIT, "Ada of the house at the end of the road to the sea, by night"]
)
def test_a_question_shows_all_of_a_long_name(dressed: None, qtbot: QtBot, name: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    box = ask_whether(window, "People and links", f"Remove {name}?", "They cannot come back.", "Remove", lambda: None)
    qtbot.waitExposed(box)
    label = box.findChild(QLabel, "qt_msgbox_label")
    assert label.text().replace("\u200b", "") == f"Remove {name}?"
    room = label.contentsRect()
    needed = label.fontMetrics().boundingRect(QRect(0, 0, room.width(), 1000), Qt.TextFlag.TextWordWrap, label.text())
    assert needed.width() <= room.width()
    assert needed.height() <= room.height()
    assert box.rect().contains(label.geometry())
    box.close()


def test_what_happened_is_read_without_scrolling_sideways(dialog: MembersDialog, qtbot: QtBot) -> None:
    dialog._tabs.setCurrentWidget(dialog.acts)
    renamed = {"before": LONG, "name": "W" * NAME_LIMIT}
    dialog.acts.show_acts((Act(2, NOW, 1, "removed", {"member": 2}), Act(1, NOW, 2, "renamed", renamed)), after=0)
    acts = dialog.acts._list
    for width in range(dialog.width(), 760, 7):
        dialog.resize(width, dialog.height())
        acts.doItemsLayout()
        assert acts.horizontalScrollBar().maximum() == 0, width


def test_a_long_title_leaves_room_for_all_else_and_is_whole_in_its_tooltip(dialog: MembersDialog) -> None:
    (heading,) = [each for each in dialog.findChildren(QLabel) if each.text().startswith("People and links of")]
    assert heading.text().endswith("…")
    assert heading.accessibleName() == f"People and links of “{TITLE[:170]}”"
    assert " ".join(heading.toolTip().split()) == f"People and links of “{TITLE[:170]}”"
    assert dialog.members.height() > dialog.height() / 3
    close = the(dialog, QAbstractButton, "Close")
    assert dialog.rect().contains(close.mapTo(dialog, close.rect().bottomRight()))


@pytest.mark.parametrize(
    ("kind", "called"), [(ShareDialog, "Share"), (MembersDialog, "People and links of")], ids=["share", "people"]
)
@pytest.mark.parametrize("title", ["W" * 1000, (TITLE * 7).strip()], ids=["one word", "many words"])
def test_a_title_without_end_makes_no_dialog_larger(
    dressed: None, qtbot: QtBot, kind: type[ShareDialog | MembersDialog], called: str, title: str
) -> None:
    sizes = []
    for each in ("Plan", title):
        dialog = kind(each)
        qtbot.addWidget(dialog)
        dialog.show()
        sizes.append(dialog.size())
    assert sizes[0] == sizes[1]
    heading = the(dialog, QLabel, f"{called} “{title}”")
    assert "".join(heading.toolTip().split()) == "".join(f"{called} “{title}”".split())


def test_in_the_smallest_dialog_all_that_can_be_done_about_somebody_is_in_sight(dialog: MembersDialog) -> None:
    place = dialog.members.findChild(QScrollArea).viewport()
    assert is_in(the(dialog.members, QAbstractButton, f"Remove {LONG}"), place)
    dialog.show_links()
    place = dialog.invites.findChild(QScrollArea).viewport()
    for part in (dialog.invites.form, *dialog.invites.form.findChildren(QWidget, "", Qt.FindDirectChildrenOnly)):
        assert is_in(part, place) or part.isHidden(), part
    (withdraw,) = [
        each for each in dialog.invites.findChildren(QAbstractButton) if each.accessibleName().startswith("Withdraw")
    ]
    assert is_in(withdraw, place)
