"""DetailsPane: one note whole, with all that hangs on it.

Runs on the GUI thread.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTextBrowser, QVBoxLayout, QWidget

from cowrite.core.board.frames import frame_of
from cowrite.core.board.items import Note, Tie
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.lineage import Lineages, Strand
from cowrite.core.text.first_words import shortened
from cowrite.gui.ideas.outline import EMPTY, SHORT
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import MARGIN, SPACING, Theme, set_look
from cowrite.gui.people.byline import by_whom

_AT_END = {
    Tie.RELATED: "related",
    Tie.BUILDS_ON: "built on by",
    Tie.SUPPORTS: "supported by",
    Tie.CONTRADICTS: "contradicted by",
}
"""What a link says of the note at its end."""


class DetailsPane(QWidget):
    """Text, author, group, links, merged notes, who has seen it, and where it is evidence."""

    open_wanted = Signal(str)
    """The id of what the person wants to see."""
    closed = Signal()

    def __init__(self, brainstorm: Brainstorm, theme: Theme) -> None:
        super().__init__()
        self._brainstorm = brainstorm
        self._theme = theme
        self.shown = ""
        """The id of the note that is shown, or empty."""
        self.source: Callable[[Note], str] = lambda _note: ""
        """Says on whose word a note is its author's; empty where nothing else is known."""
        self.setAccessibleName("Details of the note")
        set_look(self, surface="panel")
        heading = QLabel("Details")
        set_look(heading, role="heading")
        self._close = icon_button("x", "Close details (Esc)")
        self._close.clicked.connect(self.closed)
        self.page = QTextBrowser()
        self.page.setAccessibleName("Details of the note")
        self.page.setOpenLinks(False)
        self.page.document().setDocumentMargin(MARGIN)
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.anchorClicked.connect(lambda url: self.open_wanted.emit(url.toString()))
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, SPACING, SPACING, 0)
        top.addWidget(heading, 1)
        top.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACING)
        column.addLayout(top)
        column.addWidget(self.page, 1)
        self.setMinimumWidth(220)

    def show_note(self, id: str) -> None:
        """Shows a note; nothing where it is not there."""
        note = self._brainstorm.visibility.note(id)
        self.shown = note.id if note is not None else ""
        wanted = self._html(note) if note is not None else ""
        if wanted != self.page.property("source"):
            at = self.page.verticalScrollBar().value()
            self.page.setHtml(wanted)
            self.page.setProperty("source", wanted)
            self.page.verticalScrollBar().setValue(at)

    def show_look(self, theme: Theme, zoom: float) -> None:
        """Takes another look or size."""
        self._theme = theme
        font = self.page.font()
        font.setPointSizeF(max(6.0, self.font().pointSizeF() * zoom))
        self.page.setFont(font)
        self.page.setProperty("source", None)
        self.show_note(self.shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _html(self, note: Note) -> str:
        brainstorm, visibility = self._brainstorm, self._brainstorm.visibility
        title = next((group.title for group in brainstorm.board.groups() if group.id == note.group), "")
        frame = None if note.is_sealed else frame_of(note.place, brainstorm.board.frames())
        lineages = Lineages(brainstorm.decisions, visibility, brainstorm.board, brainstorm.sessions)
        decisions = [each for each in lineages.of(note.id).carries if each.id.startswith("decision:")]
        seen = sorted(name for name in brainstorm.sessions.seen().get(note.id, set()) if name != note.author)
        parts = [f"<p>{_lines(note.text or note.words or EMPTY)}</p>"]
        parts += _facts(
            ("Written by", html.escape(by_whom(note.author, self.source(note))) if note.author else ""),
            ("Group", html.escape(title)),
            ("Frame", html.escape(frame.title or "Frame") if frame is not None else ""),
            ("Written", "late, after the silent phase" if note.is_late else ""),
            ("Sealed", "only you see it until it is revealed" if note.is_sealed else ""),
            ("Lens", html.escape(note.lens)),
            ("Stands below", self._named([note.merged_into] if note.merged_into else [])),
            ("Stands for", self._named(each.id for each in visibility.merged(note.id))),
            ("Builds on", self._named(note.builds_on)),
            ("Links", "<br>".join(self._links(note.id))),
            (
                "In decisions",
                "<br>".join(f"{_anchor(each.id, each.words)} ({html.escape(_why(each))})" for each in decisions),
            ),
            ("Opened by", html.escape(", ".join(seen)) or ("" if note.is_sealed else "nobody yet")),
        )
        return (
            f"<style>a {{ color: {self._theme.link} }} .muted {{ color: {self._theme.muted} }}</style>{''.join(parts)}"
        )

    def _links(self, note: str) -> Iterator[str]:
        for link in self._brainstorm.board.links():
            if link.start == note:
                yield f"{link.tie}: {self._named([link.end])}"
            elif link.end == note:
                yield f"{_AT_END[link.tie]}: {self._named([link.start])}"

    def _named(self, ids: Iterable[str]) -> str:
        notes = self._brainstorm.visibility.found(ids)
        return "<br>".join(_anchor(note.id, note.words or EMPTY) for note in notes)


def _facts(*facts: tuple[str, str]) -> list[str]:
    return [f'<p><span class="muted">{name}</span><br>{value}</p>' for name, value in facts if value]


def _anchor(id: str, text: str) -> str:
    return f'<a href="{html.escape(id)}">{html.escape(shortened(text, SHORT))}</a>'


def _why(strand: Strand) -> str:
    """How a decision rests on a note: the sentence that does, or what the note was."""
    return f"“{strand.sentence}”" if strand.sentence else strand.relation


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
