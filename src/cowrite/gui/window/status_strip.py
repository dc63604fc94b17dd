"""The line below the page: is my text safe here, has it reached the server, how long is it.

Runs on the GUI thread. The two facts are separate because they fail separately; each is an icon and a sentence. Beside
them stands what must be seen of the assistant while its panel is closed: that text goes elsewhere, and that it works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cowrite.core.text.word_count import Length
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import Drawing
from cowrite.gui.look.theme import MARGIN, SPACING, set_look, worn
from cowrite.gui.widgets.elided_label import ElidedLabel
from cowrite.gui.window.words_label import Goals, WordsLabel, numbered, numeral

if TYPE_CHECKING:
    from cowrite.gui.assistant.strip import PlaceMark, StopButton, StripButton

ABOVE, BELOW = 1, 2  # device-independent pixels over and under the row
ROUND_TEXT = 4  # device-independent pixels above and below the text of a button
LEAST = 20  # letters that are seen of where the text comes from, or none
NOTHING = Length()
WORDS_A_MINUTE = 238  # of adults who read English in silence: Brysbaert, Journal of Memory and Language 109 (2019)
TONES = {"ok": "muted", "waiting": "accent_text", "offline": "warning", "problem": "danger"}
HERE = {"ok": "hard-drive", "waiting": "refresh-cw", "offline": "hard-drive", "problem": "triangle-alert"}
SERVER = {"ok": "cloud-check", "waiting": "refresh-cw", "offline": "cloud-off", "problem": "cloud-alert"}


class Fact(NamedTuple):
    """How something stands: `kind` is ok, waiting, offline or problem; `detail` goes into the tooltip."""

    kind: str
    sentence: str
    detail: str = ""


class StatusStrip(QWidget):
    """Shows two facts, the length, whether one may only read, where text goes, and a way to stop."""

    place_activated = Signal()
    """The person wants to know of the place to which the text goes."""
    stop_requested = Signal()
    whole_requested = Signal()
    """The person wants to see more than the page again."""
    goals_requested = Signal()
    """The person wants to choose how many words there are to be."""

    def __init__(self) -> None:
        super().__init__()
        self._place: PlaceMark | None = None  # all three made when they are first needed
        self._stop: StopButton | None = None
        self._whole: StripButton | None = None
        self.setAccessibleName("Status")
        set_look(self, surface="strip")
        self._here = _FactLabel("On this computer", HERE)
        self._server = _FactLabel("On the server", SERVER)
        self._badge = QLabel()
        set_look(self._badge, role="badge")
        self._badge.hide()
        self._words = WordsLabel()
        self._words.clicked.connect(self.goals_requested)
        self._length = self._selected = NOTHING
        self._leaves_footnotes = False
        self._goals = Goals()
        self._assist = ElidedLabel()
        self._assist.setAccessibleDescription("Where this text comes from")
        set_look(self._assist, role="muted")
        self._assist.hide()
        self._words.setAccessibleDescription("Length")
        set_look(self._words, role="muted")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, ABOVE, MARGIN, BELOW)
        row.setSpacing(MARGIN)
        row.addWidget(self._here)
        row.addWidget(self._server)
        row.addStretch(1)
        row.addWidget(self._assist)
        row.addWidget(self._badge)
        row.addWidget(self._words)
        self.show_here(Fact("ok", "Saved on this computer"))
        self.show_server(None)
        self.show_length(NOTHING)
        row.addStrut(self._here.sizeHint().height() + 2 * ROUND_TEXT)  # as high with a button as without

    def told(self) -> list[str]:
        """All that it says now, in the order of what counts most."""
        return [*self._facts(), *filter(None, [self._badge.text(), self._words.whole])]

    def tell(self) -> None:
        """Has it read out how safe the text is, also where that is as it was."""
        say(self, ". ".join(self._facts()))

    def _facts(self) -> list[str]:
        return [part.sentence for part in (self._here, self._server) if not part.isHidden()]

    def show_here(self, fact: Fact) -> None:
        """How the document stands on this computer."""
        self._here.show_fact(fact)
        self._fit()

    def show_server(self, fact: Fact | None) -> None:
        """How it stands on the server; None for a document that is not shared."""
        self._server.setHidden(fact is None)
        if fact is not None:
            self._server.show_fact(fact)
        self._fit()

    def show_length(self, length: Length, selected: Length = NOTHING, *, leaves_footnotes: bool = False) -> None:
        """The number of words, and of the selected ones when there are any; in the tooltip characters, and how long it
        takes to read.

        Args:
            length: of the document.
            selected: of what is selected.
            leaves_footnotes: whether there are footnotes, which are not counted.
        """
        self._length, self._selected, self._leaves_footnotes = length, selected, leaves_footnotes
        self._show_words()

    def show_goals(self, goals: Goals) -> None:
        """How far the person is on the way to their goals, which is told with the number of words."""
        if goals != self._goals:
            self._goals = goals
            self._show_words()

    def _show_words(self) -> None:
        length, selected, goals = self._length, self._selected, self._goals
        count = numbered(length.words, "word")
        told = f"{numeral(selected.words)} of {count} selected" if selected.words else f"{count} in this document"
        meant = selected if selected.words else length
        lines = [
            f"{told}, without those of footnotes" if self._leaves_footnotes else told,
            f"{numbered(meant.characters, 'character')}, {numeral(meant.letters)} without spaces",
        ]
        if meant.words > WORDS_A_MINUTE:
            lines.append(f"About {numbered(round(meant.words / WORDS_A_MINUTE), 'minute')} to read")
        if selected.words:
            self._words.show_words(f"{numeral(selected.words)} of {count}")
        else:
            self._words.show_words(count, goals.told(count), goals.part(length.words))
            lines += goals.lines(length.words)
        self._words.setToolTip("\n".join(lines))
        self._fit()

    def show_assist(self, sentence: str) -> None:
        """Says of the text at the caret from which model it is and who accepted it; an empty sentence says nothing."""
        if sentence != self._assist.text():
            self._assist.show_text(sentence)
            self._fit()

    def show_badge(self, words: str, reason: str) -> None:
        """Says in a word or two that one may only read, or suggests, and why in a sentence for the tooltip; no words
        take it away."""
        before = self._badge.text()
        self._badge.setText(words)
        self._badge.setAccessibleName(words)
        self._badge.setVisible(bool(words))
        self._badge.setToolTip(reason)
        if words != before:
            say(self._badge, f"{words}. {reason}" if words else f"{before}: off")
        self._fit()

    def show_place(self, place: str) -> None:
        """Says to which host the text goes; an empty one is this computer, of which nothing is said."""
        if place and self._place is None:
            from cowrite.gui.assistant.strip import PlaceMark

            self._place = PlaceMark()
            self._place.clicked.connect(self.place_activated)
            self._row.insertWidget(self._row.indexOf(self._words), self._place)
        if self._place is not None:
            self._place.setVisible(bool(place))
            self._place.show_place(place)
            self._fit()

    def show_running(self, on: bool) -> None:
        """Lets the person stop what the model does for them, while it does something."""
        if on and self._stop is None:
            from cowrite.gui.assistant.strip import StopButton

            self._stop = StopButton()
            self._stop.clicked.connect(self.stop_requested)
            self._row.insertWidget(self._row.indexOf(self._assist), self._stop)
        if self._stop is not None:
            self._stop.setVisible(on)
            self._fit()

    def show_focus(self, on: bool) -> None:
        """Has the way back in sight while the page stands alone."""
        if on and self._whole is None:
            from cowrite.gui.assistant.strip import StripButton

            self._whole = StripButton("focus", "text")
            self._whole.show_words("Leave focus", "Leave focus", "Show menus, buttons and panels again (Esc, F8)")
            self._whole.clicked.connect(self.whole_requested)
            self._row.insertWidget(self._row.indexOf(self._badge), self._whole)
        if self._whole is not None:
            self._whole.setVisible(on)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the facts come first: the length goes, then most of where the text comes from, then all
        of that, before a fact is cut. What is said of the assistant becomes shorter before, and stays."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        space = self._row.spacing()
        given = (self._here, self._server, self._badge)
        needed = sum(part.sizeHint().width() + space for part in given if not part.isHidden())
        if self._whole is not None and not self._whole.isHidden():
            needed += self._whole.sizeHint().width() + space
        marks: list[StripButton] = [self._place] if self._place is not None and not self._place.isHidden() else []
        if self._stop is not None:  # its place is kept: it comes and goes with each suggestion
            marks.insert(0, self._stop)
        needed += sum(mark.widths[0] + space for mark in marks)
        words, left = self._assist.sizeHint().width(), room - needed - space
        shows = bool(self._assist.text()) and left >= min(words, LEAST * self.fontMetrics().averageCharWidth())
        self._assist.setVisible(shows)
        if shows:
            self._assist.setMaximumWidth(left)  # else the layout cuts the facts, too
            needed += min(words, left) + space
        self._words.be_short(needed + self._words.width_of_whole + space > room)
        needed += self._words.sizeHint().width() + space
        self._words.setVisible(needed <= room)
        for mark in marks:
            short, whole = mark.widths
            needed += whole - short
            mark.be_short(needed > room)


class _FactLabel(QWidget):
    """An icon and a sentence in the tone of their kind."""

    def __init__(self, what: str, icons: dict[str, str]) -> None:
        super().__init__()
        self._what = what
        self._icons = icons
        self._fact = Fact("ok", "")
        self._said = "ok"  # the kind of which whoever reads by ear knows
        self._icon = Drawing(worn().metrics.sign)
        self._sentence = ElidedLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self._icon)
        row.addWidget(self._sentence)

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._fact.sentence

    def show_fact(self, fact: Fact) -> None:
        """Shows how it stands."""
        if self._fact.kind == fact.kind == "ok":  # as with each letter that is saved
            known = (self._sentence.roomy, self._fact.sentence, fact.sentence)
            self._sentence.roomy = max(known, key=self.fontMetrics().horizontalAdvance)
        self._fact = fact
        self._sentence.show_text(fact.sentence, fact.detail)
        self._sentence.setAccessibleName(f"{self._what}: {fact.sentence}")
        self.setAccessibleName(f"{self._what}: {fact.sentence}")
        # Not by the style sheet, which would look through all its rules with every letter that is typed and saved.
        self._sentence.tone = TONES[fact.kind]
        self._sentence.update()
        self._icon.show_drawing(self._icons[fact.kind], TONES[fact.kind])
        self._icon.setToolTip(self._what)
        if fact.kind not in ("waiting", self._said):  # each try to connect is a "waiting" between two of a kind
            self._said = fact.kind
            is_said = fact.detail.startswith(fact.sentence)  # and goes on to say what can be done
            say(self._sentence, fact.detail if is_said else f"{fact.sentence}. {fact.detail}".strip())
