"""Letting others into a document: from this computer, or through a team server.

Runs on the GUI thread. ShareDialog asks and shows how it went; the caller hosts, connects and makes the links.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QStackedWidget, QWidget

from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.look.theme import SPACING, grow_to_fit
from cowrite.gui.people.host_page import Hosting, HostPage
from cowrite.gui.people.server_page import ServerPage, TeamServer
from cowrite.gui.widgets.dialog_parts import button, dialog_column, last_row, title_line


class ShareDialog(QDialog):
    """The dialog. What its pages ask for, their signals say.

    Args:
        title: of the document.
        parent: its window.
    """

    people_requested = Signal()
    """The person wants roles, and links that expire."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Share")
        heading = title_line(f"Share “{title}”")
        self._ways = QButtonGroup(self)
        self._pages = QStackedWidget()
        self.host = HostPage()
        self.server = ServerPage()
        ways = QHBoxLayout()
        ways.setSpacing(SPACING)
        for place, (text, tip, page) in enumerate(
            (
                ("From this computer", "Others in your network join you directly", self.host),
                ("On a team server", "The document is there for your team when you are away", self.server),
            )
        ):
            way = button(text, tip, "choice")
            way.setCheckable(True)
            way.setChecked(place == 0)
            way.clicked.connect(lambda _=False, place=place: self.show_way(place))
            self._ways.addButton(way, place)
            self._pages.addWidget(page)
            ways.addWidget(way, 1)
        reach_the_chosen(self._ways.buttons())
        close = button("Close", "Close this window; sharing goes on")
        close.clicked.connect(self.accept)
        self._people = button(
            "People and links…", "Links that expire or let in a limited number of people; who may do what", "quiet"
        )
        self._people.clicked.connect(self._go_to_people)
        self._people.hide()
        column = dialog_column(self)
        column.addStrut(472)  # a least width of the dialog would hold where larger letters need more
        column.addWidget(heading)
        column.addLayout(ways)
        column.addWidget(self._pages, 1)
        column.addLayout(last_row(close, first=self._people))

    def show_hosting(self, hosting: Hosting) -> None:
        """Shows how hosting stands."""
        self.host.show_hosting(hosting)
        self._show_people()

    def show_server(self, server: TeamServer) -> None:
        """Shows how the team server stands."""
        self.server.show_server(server)
        self._show_people()

    def show_way(self, place: int) -> None:
        """Turns to the first way (0) or the second (1)."""
        self._pages.setCurrentIndex(place)
        self._ways.button(place).setChecked(True)
        grow_to_fit(self)

    def _show_people(self) -> None:
        """Leads to roles and links where there are any: one way may have failed while the other goes on."""
        self._people.setVisible("on" in (self.host.phase, self.server.phase))
        grow_to_fit(self)

    def _go_to_people(self) -> None:
        self.accept()
        self.people_requested.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Starts high enough for what is said already, at the way that is shown."""
        super().showEvent(event)
        self._ways.button(self._pages.currentIndex()).setFocus(Qt.FocusReason.OtherFocusReason)
        grow_to_fit(self)
