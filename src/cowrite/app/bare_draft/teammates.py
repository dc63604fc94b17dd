"""Teammates: who else is in one draft, where they write, and whom this person follows.

Runs on the GUI thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.single_shot import single_shot
from cowrite.core.document.document import Document
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, plain_text
from cowrite.core.text.suggested_text import as_suggested
from cowrite.core.writing.line import LineHere, line_at
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.others import RemoteCaret
from cowrite.gui.people.people_panel import PeoplePanel
from cowrite.gui.people.person import NOBODY, Person
from cowrite.storage.settings import Person as Me

if TYPE_CHECKING:
    from cowrite.bridge.shared.document import SharedDocument
    from cowrite.bridge.shared.presence import Teammate

FLAG_TIME = 2500  # milliseconds for which a teammate's name stays beside their caret after it has moved
CARETS_DELAY = 40  # milliseconds in which changes of the text that move carets are gathered
HEADLINE_REACH = 60  # lines above a position in which its headline is looked for


class Teammates(QObject):
    """Shows the people of one draft: their carets on the page, their names in the panel.

    Args:
        document: the draft.
        editor: its page.
        panel: the people beside it.
        shared: gives the document's life on a server, if it has one now.
        has_server: whether the document is on a server, connected or not.
        called: what the server calls who sits here; empty where it leaves that to them.
        me: who sits here.
        parent: Qt parent.
    """

    led = Signal()
    """The person wants to see where somebody is in the text."""

    def __init__(
        self,
        document: Document,
        editor: Editor,
        panel: PeoplePanel,
        shared: Callable[[], SharedDocument | None],
        has_server: Callable[[], bool],
        called: Callable[[], str],
        me: Me,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._editor = editor
        self._panel = panel
        self._shared = shared
        self._has_server = has_server
        self._called = called
        self._me = me
        self._flagged: dict[int, float] = {}
        self._places: dict[int, tuple[int, int]] = {}
        self._following: int | None = None
        self._is_alone = True
        self._is_connected = False
        self._flag_timer = single_shot(self, self.show, FLAG_TIME)
        self._carets_timer = single_shot(self, self.show, CARETS_DELAY)
        panel.person_activated.connect(self._go_to)
        panel.follow_toggled.connect(self._follow)
        self.show()

    def show_me(self, me: Me) -> None:
        """Takes another name or colour of who sits here."""
        self._me = me
        self.show()

    def show_connected(self, on: bool) -> None:
        """The server is reached now, or no more: only then is it known who else is here."""
        if on != self._is_connected:
            self._is_connected = on
            self.show()

    def follow_text(self, change: Change) -> None:
        """The text has changed, and may have moved carets with it. Whoever writes follows nobody any more: the page
        would go away from there with each letter."""
        if change.origin.is_own or change.origin is Origin.UNDO:
            self._following = None
        if not self._is_alone and not self._carets_timer.isActive():
            self._carets_timer.start()

    def show(self) -> None:
        """Shows everybody where they are now."""
        shared = self._shared()
        mates = shared.presence.teammates() if shared is not None else []
        self._is_alone = not mates
        self._note_places(mates)
        self._show_carets(mates)
        reads = shared is not None and shared.role is not None and not shared.role.may_suggest
        activity = "reading" if reads else "on this computer"
        own = self._me.name
        name = self._called() or own or "You"
        me = Person("me", name, self._me.colour, is_me=True, activity=activity, own_name=own)
        following = None if self._following is None else str(self._following)
        line = cache(partial(line_at, self._document))  # many are under one headline
        here = [me, *(self._person(mate, line) for mate in mates)]
        away = shared is None or not self._is_connected
        self._panel.show_people(here, following, shared=self._has_server(), away=away)
        if self._following is not None:
            self._show_place_of(self._following)

    def _note_places(self, mates: list[Teammate]) -> None:
        for mate in mates:
            if mate.selection is not None and self._places.get(mate.client) != mate.selection:
                self._places[mate.client] = mate.selection
                self._flag(mate.client)
        here = {mate.client for mate in mates}
        self._places = {client: place for client, place in self._places.items() if client in here}

    def _show_carets(self, mates: list[Teammate]) -> None:
        now = time.monotonic()
        carets = [
            RemoteCaret(
                str(mate.client),
                mate.name or NOBODY,
                mate.colour,
                *mate.selection,
                flagged=self._flagged.get(mate.client, 0) > now,
            )
            for mate in mates
            if mate.selection is not None
        ]
        self._editor.marks.show_carets(carets)
        if any(caret.flagged for caret in carets):
            self._flag_timer.start()

    def _flag(self, client: int) -> None:
        self._flagged[client] = time.monotonic() + FLAG_TIME / 1000

    def _person(self, mate: Teammate, line: Callable[[int], LineHere]) -> Person:
        role = "" if mate.role is None or mate.may_edit else mate.role.value
        name, activity = mate.name or NOBODY, self._activity(mate, line)
        return Person(str(mate.client), name, mate.colour, role=role, activity=activity)

    def _activity(self, mate: Teammate, line: Callable[[int], LineHere]) -> str:
        if mate.role is not None and not mate.role.may_suggest:
            return "reading"
        if isinstance(mate.board, Mapping):
            return "at the board"
        if mate.selection is None:
            return "here"
        headline = self._headline_before(mate.selection[1], line)
        return f"writing in “{headline}”" if headline else "writing"

    def _headline_before(self, at: int, line_of: Callable[[int], LineHere]) -> str:
        """The headline under which a position lies, from the lines just above it; empty where none is near.

        Args:
            at: the position (UTF-16 units).
            line_of: gives the line at a position.
        """
        at = min(at, self._document.length)
        for _ in range(HEADLINE_REACH):
            line = line_of(at)
            if "header" in line.attributes:
                headline = plain_text(as_suggested(self._document.spans(line.start, line.end)))
                return headline.replace(EMBED_CHARACTER, "")[:40]
            if line.start == 0:
                return ""
            at = line.start - 1
        return ""

    def _go_to(self, person: str) -> None:
        if person.isdigit():
            if int(person) in self._places:
                self.led.emit()
            self._show_place_of(int(person))
            self._flag(int(person))
            self.show()

    def _follow(self, person: str, on: bool) -> None:
        self._following = int(person) if on and person.isdigit() else None
        if self._following in self._places:
            self.led.emit()
        self.show()

    def _show_place_of(self, client: int) -> None:
        place = self._places.get(client)
        if place is not None:
            self._editor.position_visible(place[1])
