"""SessionBar: above all tabs while a session runs: where the group is, for how long, and who is done.

Runs on the GUI thread. It says what the person wants and moves nobody. In a narrow window the parts that say least go
first, and into tooltips.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QMenu, QToolButton, QVBoxLayout

from cowrite.core.text.direction import from_left, isolated
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import MARGIN, SPACING, TIGHT, set_look
from cowrite.gui.session.countdown import Countdown
from cowrite.gui.session.phase_words import PHASES, minutes_in_words, words_of
from cowrite.gui.session.values import BarShown
from cowrite.gui.widgets.dialog_parts import button
from cowrite.gui.widgets.elided_line import ElidedLine
from cowrite.gui.widgets.tips import tip_of

DONE, SHORT_DONE = "I’m done", "Done"
WORDS = 15  # device-independent pixels from the edge of the button of the phase to its words


class SessionBar(QFrame):
    """`look_wanted(Phase)` for this person alone, `move_wanted(Phase)` for the group, `step_wanted(-1 or 1)`,
    `go_wanted` to where the group is, `order_wanted`, `done(bool)`, `passed(name)`, `taken_over`, `end_wanted`; for its
    countdown see there.

    Args:
        clock: milliseconds since 1970.
        sound: see `Countdown`.
        present: shows the session on a whole screen; stands in the menu too.
    """

    look_wanted = Signal(object)
    move_wanted = Signal(object)
    step_wanted = Signal(int)
    go_wanted = Signal()
    order_wanted = Signal()
    done = Signal(bool)
    passed = Signal(str)
    taken_over = Signal()
    end_wanted = Signal()

    def __init__(self, clock: Callable[[], int], sound: QAction, present: QAction) -> None:
        super().__init__()
        self._present = present
        self._shown: BarShown | None = None
        self.setAccessibleName("Session")
        set_look(self, surface="bar")
        self._phase = QToolButton()
        self._phase.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_look(self._phase, kind="menu")
        self._phases = QMenu(self._phase)
        self._phase.setMenu(self._phases)
        self._purpose = ElidedLine()
        self._purpose.setAccessibleDescription("What this phase is for")
        self.countdown = Countdown(clock, sound)
        self._counts = QLabel()
        self._counts.setAccessibleDescription("What lies sealed")
        set_look(self._counts, role="muted")
        self._ticks = QLabel()
        self._ticks.setAccessibleDescription("Who is done")
        set_look(self._ticks, role="muted")
        said = "Tell the others, by name, that you are done with this phase; you can go on writing"
        self._done = button(DONE, said, is_long=True)
        self._done.setCheckable(True)
        set_look(self._done, kind="choice")
        self._done.clicked.connect(self.done)
        self._back = button("Back", "Move the group back to the previous phase")
        self._back.clicked.connect(lambda: self.step_wanted.emit(-1))
        self._next = button("Next", "Move the group on to the next phase", "primary")
        self._next.clicked.connect(lambda: self.step_wanted.emit(1))
        self._end = button("End…", "Close the session for everybody; all of it stays in the document")
        self._end.clicked.connect(self.end_wanted)
        self._more = icon_button("ellipsis", "More about this session")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more_menu = QMenu(self._more)
        self._more.setMenu(self._more_menu)
        self._passing = QMenu("&Pass on to", self._more_menu)  # clearing a menu deletes no menu within it
        self._offer = QFrame()
        set_look(self._offer, surface="offer")
        self._offered = ElidedLine()
        self._offered.setAccessibleDescription("Where the group is")
        self._go = button("Go there", "Go to where the group is")
        self._go.clicked.connect(self.go_wanted)
        self._bring = button("Take the group here", "Make this the phase of the group")
        self._bring.clicked.connect(self._tell_bring)
        self._take = button("Take over", "Lead the session in their place")
        self._take.clicked.connect(self.taken_over)
        self._lay_out()

    def show_bar(self, shown: BarShown) -> None:
        """Shows how it stands."""
        before, self._shown = self._shown, shown
        words = words_of(shown.phase, is_revealed=shown.is_revealed)
        phases = [row.phase for row in shown.rows]
        place = f"{phases.index(shown.phase) + 1}/{len(phases)}" if shown.phase in phases else f"–/{len(phases)}"
        self._phase.setText(f"{words.title} {place}")
        self._phase.setAccessibleName(f"The group is at {words.title}, {place.replace('/', ' of ')}")
        told = f"{shown.question}\n{words.title}: {words.purpose}\nSee and choose the phases"
        self._phase.setToolTip(tip_of(from_left(told)))
        self._purpose.show_text(words.purpose, words.short)
        self.countdown.show_deadline(shown.ends, shown.minutes)
        self._counts.setText(shown.counts)
        self._counts.setToolTip(tip_of(shown.counts_tip or shown.counts))
        self._ticks.setText(f"✓ {len(shown.done)} of {shown.present}" if shown.done else "")
        ticks = f"Done: {', '.join(shown.done)}" if shown.done else "Nobody is done yet"
        self._ticks.setToolTip(tip_of(ticks))
        self._ticks.setAccessibleName(ticks)
        self._done.setChecked(shown.is_done)
        self._done.setVisible(shown.may_say)
        self.countdown.set_may_write(shown.may_write)
        self._back.setEnabled(shown.may_lead and shown.phase in phases[1:])
        goes_on = shown.has_later and shown.phase not in phases[-1:]
        for each, is_shown in ((self._back, True), (self._next, goes_on), (self._end, not goes_on)):
            each.setVisible(shown.may_lead and is_shown)
        if not self._phases.isVisible():  # a menu in which somebody chooses is left alone
            self._fill_phases(shown)
        if not self._more_menu.isVisible():
            self._fill_more(shown)
        self._show_offer(shown)
        self._fold()
        if before is not None:
            self._say_news(before, shown)

    def minimumSizeHint(self) -> QSize:
        """It can become narrow: parts of it fold away."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Folds what has no room."""
        super().resizeEvent(event)
        self._fold()

    # Inside

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN - WORDS, TIGHT, SPACING, TIGHT)
        row.setSpacing(SPACING)
        row.addWidget(self._phase)
        row.addWidget(self._purpose, 100)
        row.addStretch(1)  # where the purpose has gone
        steps = (self._back, self._next, self._end)
        for part in (self._counts, self.countdown, self._ticks, self._done, *steps, self._more):
            row.addWidget(part)
        offer = QHBoxLayout(self._offer)
        offer.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        offer.setSpacing(SPACING)
        offer.addWidget(self._offered, 1)
        for part in (self._take, self._bring, self._go):
            offer.addWidget(part)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._offer)

    def _fill_phases(self, shown: BarShown) -> None:
        self._phases.clear()
        for row in shown.rows:
            length = minutes_in_words(row.minutes)
            action = self._phases.addAction(f"{PHASES[row.phase].title}{f'  ·  {length}' if length else ''}")
            action.setCheckable(True)
            action.setChecked(row.is_here)
            action.setToolTip(PHASES[row.phase].purpose)
            _on(action, partial(self.look_wanted.emit, row.phase))
        self._phases.addSeparator()
        order = self._phases.addAction("&Order of the phases…")
        order.setEnabled(shown.may_lead)
        _on(order, self.order_wanted.emit)

    def _fill_more(self, shown: BarShown) -> None:
        self._more_menu.clear()
        leads = f"{isolated(shown.facilitator)} leads" if shown.facilitator else "Everybody leads"
        self._more_menu.addAction(leads.replace("&", "&&")).setEnabled(False)
        if shown.may_lead:
            self._passing.clear()
            for name in shown.people:
                _on(self._passing.addAction(name.replace("&", "&&")), partial(self.passed.emit, name))
            _on(self._passing.addAction("&Everybody"), lambda: self.passed.emit(""))
            self._more_menu.addMenu(self._passing)
        else:
            take = self._more_menu.addAction("&Take over")
            take.setEnabled(shown.may_take_over)
            take.setToolTip("While whoever leads is here, only they can pass it on")
            _on(take, self.taken_over.emit)
        self._more_menu.addSeparator()
        self._more_menu.addAction(self._present)
        end = self._more_menu.addAction("&End the session…")
        end.setEnabled(shown.may_lead)
        _on(end, self.end_wanted.emit)

    def _say_news(self, before: BarShown, shown: BarShown) -> None:
        """What whoever has the keyboard elsewhere would not hear: where the group has gone, and what a key has done."""
        if shown.phase is not before.phase:
            gone = "" if shown.is_away else f"{self._phase.accessibleName()}. {self._purpose.accessibleName()}"
            say(self._phase, gone)  # what is offered to whoever is away says where the group is
        elif shown.is_done is not before.is_done and not self._done.hasFocus():
            say(self._done, "You are done" if shown.is_done else "You are no longer done")

    def _show_offer(self, shown: BarShown) -> None:
        here, looks = PHASES[shown.phase].title, PHASES[shown.looks_at].title
        elsewhere = shown.looks_at is not shown.phase
        said = []
        if shown.is_away:
            said.append(f"The group is at {here}; you are at {looks}." if elsewhere else f"The group is at {here}.")
        if shown.may_take_over and shown.is_apart:
            leader = isolated(shown.facilitator)
            said.append(f"You are offline, and the group may have gone on. {leader} leads this session.")
        elif shown.may_take_over:
            said.append(f"{isolated(shown.facilitator)} leads this session and is not here.")
        if shown.is_away and shown.is_at_draft and not shown.may_lead:
            asks = f"{isolated(shown.facilitator)} asks" if shown.facilitator else "The question is"
            said.append(f"{asks}: “{shown.question}”")  # behind what there is to do: it may be long
        words = " ".join(said)
        is_news = bool(words) and words != self._offered.toolTip()
        self._offered.show_text(words)
        self._go.setVisible(shown.is_away)
        self._go.setAccessibleName(f"The group is at {here} — go there")
        self._bring.setVisible(shown.is_away and elsewhere and shown.may_lead)
        may_take = shown.may_take_over and not shown.is_apart
        if not may_take and self.window().focusWidget() is self._take:
            self._phase.setFocus()  # Qt would give it to a button that moves the group, for a second space to press
        self._take.setVisible(may_take)
        self._offer.setVisible(bool(words))
        self._offer.setAccessibleName(words)
        if is_news:
            say(self._offer, words)

    def _tell_bring(self) -> None:
        if self._shown is not None:
            self.move_wanted.emit(self._shown.looks_at)

    def _fold(self) -> None:
        """Takes away what says least until the rest has room."""
        if self._shown is None:
            return
        self._counts.setVisible(bool(self._counts.text()))
        self._ticks.setVisible(bool(self._ticks.text()))
        self._purpose.setVisible(True)
        self._back.setVisible(self._shown.may_lead)
        self._done.setText(DONE)
        room = self.width() - 24
        for part in (self._purpose, self._counts, self._ticks, self._back):
            if self._needed() <= room:
                return
            part.setVisible(False)
        if self._needed() > room:
            self._done.setText(SHORT_DONE)

    def _needed(self) -> int:
        steps = (self._back, self._next, self._end)
        parts = (self._phase, self._counts, self.countdown, self._ticks, self._done, *steps, self._more)
        wide = [part.sizeHint().width() + 8 for part in parts if not part.isHidden()]
        return sum(wide) + (140 if not self._purpose.isHidden() else 0)


def _on(action: QAction, act: Callable[[], object]) -> None:
    action.triggered.connect(lambda _checked=False: act())
