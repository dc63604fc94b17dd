"""ChangeFlow: what becomes of what a person does with the suggested changes of a draft, and where they are shown.

Runs on the GUI thread. Marks are in the text itself; the panel follows the text a few times a second.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter
from random import SystemRandom
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.changes.kept_decisions import KeptDecisions
from cowrite.bridge.page.text_formats import UNKNOWN
from cowrite.bridge.single_shot import every_minute, single_shot
from cowrite.clock import milliseconds_now
from cowrite.core.suggestions.change import SuggestedChange
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.suggestions.stretches import Stretch
from cowrite.core.text.direction import isolated
from cowrite.core.text.footnotes import is_footnote, text_of
from cowrite.core.text.richtext import EMBED_CHARACTER, PAGE_BREAK, SUGGESTIONS, Span, utf16_length
from cowrite.gui.changes.values import BREAK, ChangeShown, ChangesShown
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.times import ago, date_and_time
from cowrite.gui.page.others import SuggestedBreak
from cowrite.gui.people.byline import by_whom
from cowrite.gui.widgets.wait_cursor import MANY, wait_cursor
from cowrite.gui.window.notice_bar import Answer
from cowrite.gui.window.views import DRAFT

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.bare_draft.bringers import DraftBringers
    from cowrite.gui.changes.panel import ChangesPanel

FOLLOW_DELAY = 250  # milliseconds in which changes of the text are gathered, at least
REST = 20  # so many times as long as it took to look at all of them nobody looks again, for somebody writes meanwhile
CARET_DELAY = 60  # milliseconds in which movements of the caret are gathered
MOST_SHOWN = 240  # characters of a text that a card shows
IMAGE = "[image]"
NAMES = {"divider": "[divider]", "decision": "[decision]", "image": IMAGE}
"""What stands for an embed in these texts, by its kind."""
FORMATS_LEFT = "Only words can be suggested, not how they look. Say it in a comment."
NOTICE = "changes"
NONE_HERE = "No change is suggested here."
NONE_THERE = "No change is suggested in this text."


class ChangeFlow(QObject):
    """The suggested changes of one draft.

    Args:
        draft: it.
        bringers: what its server knows of who has suggested something.
        parent: owns this.
    """

    def __init__(self, draft: BareDraft, bringers: DraftBringers, parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._bringers = bringers
        self.changes = SuggestedChanges(
            draft.document,
            lambda: draft.author,
            chance=SystemRandom(),
            clock=milliseconds_now,
            formats_left=self._leave_formats,
            overruled=self._tell_overruled,
        )
        self.kept = KeptDecisions(self.changes.decided, draft, self)
        self._open: list[SuggestedChange] = []
        self._by_id: dict[str, SuggestedChange] = {}
        self._stretches: dict[bool, list[tuple[int, int, str]]] = {}  # what comes and what goes: start, stop, change
        self._is_known = False  # what is there; of thousands it takes a while to find out
        self._all: ChangesShown | None = None  # as the panel gets them; None where that is not known
        self._panel: ChangesPanel | None = None
        self._current = ""
        self._has_told = False  # that others suggest changes
        self._shown_at = "", -1  # the change to which the person was led, and where the caret was put
        self._text_timer = single_shot(self, self.refresh, FOLLOW_DELAY)
        self._caret_timer = single_shot(self, self._follow_caret, CARET_DELAY)
        self._minute_timer = every_minute(self, self.refresh)
        self._minute_timer.start()
        draft.document.observe_changes(lambda _change: self._follow_soon())
        draft.editor.caret_moved.connect(self._caret_timer.start)
        self.changes.observe(lambda _change: self._follow_soon())
        bringers.changed.connect(self.refresh)
        draft.window.reading.sources.append(self.words_at_caret)
        self.refresh()

    # What the person wants

    def suggest(self, on: bool) -> None:
        """From now on what the person writes is suggested, or done."""
        self._draft.document.settle()
        self._draft.editor.pasting.finish()
        self._draft.document.suggester = self.changes if on else None
        self._draft.document.steps.begin()

    def show_rights(self) -> None:
        """The person may do something else now."""
        self.changes.may_edit = self._draft.connection.rights.may_edit
        self._is_known = False
        self.refresh()

    def show_panel(self) -> None:
        """Shows the changes beside the draft, with the keyboard there."""
        panel = self._made()
        self._has_told = True
        self._draft.window.notices.remove(NOTICE)
        if self._draft.window.views.name != DRAFT:
            self._draft.window.views.show_view(DRAFT)
        self.refresh()
        panel.take_keyboard(self._current)

    def act(self, name: str) -> None:
        """Does what an action says."""
        self._draft.document.settle()
        if self._text_timer.isActive():  # what is known is not what is there
            self.refresh()
        match name:
            case "next_change":
                self._step(1)
            case "previous_change":
                self._step(-1)
            case "accept_change" | "reject_change":
                self._decide_here(self._accept if name == "accept_change" else self._reject)
            case "accept_changes":
                self._accept([change.id for change in self._open])
            case "reject_changes":
                self._reject([change.id for change in self._open])

    def at_caret(self) -> str:
        """The id of the change in whose text the caret stands; empty for none. Where several meet it is the one to
        which the person was led."""
        caret = self._draft.editor.caret()[1]
        if caret == self._shown_at[1] and self._shown_at[0] in self._by_id:
            return self._shown_at[0]
        here: list[tuple[int, str]] = []
        for stretches in self._stretches.values():  # none of these reaches into another
            behind = bisect_right(stretches, caret, key=itemgetter(0))
            near = stretches[max(0, behind - 2) : behind]
            here += ((stop - start, id) for start, stop, id in near if caret <= stop)
        return min(here)[1] if here else ""

    def words_at_caret(self) -> str:
        """What is suggested at the caret, and by whom; empty where nothing is."""
        here = self._by_id.get(self.at_caret())
        if here is None:
            return ""
        change = self._shown(here)
        by = f" by {by_whom(change.name, change.source)}" if change.name else ""
        return f"Suggested{by}: {change.sentence}"

    def refresh(self) -> None:
        """Shows all changes as they are now; looks at all of them only where something may be new."""
        if self._draft.is_closed:
            return
        self._draft.document.settle()
        self._text_timer.stop()
        if not self._is_known:
            self._look()
        if self._panel is not None:
            self._all = self._all or self._all_shown()
            self._panel.show_changes(self._all)
        self._follow_caret()

    def _look(self) -> None:
        """Looks at all changes."""
        begun = perf_counter()
        self._is_known, self._all = True, None
        self._open = self.changes.all()
        self._by_id = {change.id: change for change in self._open}
        self._stretches = {True: [], False: []}
        for change in self._open:
            for each in change.stretches:
                self._stretches[each.comes].append((each.start, each.stop, change.id))
        for stretches in self._stretches.values():
            stretches.sort()
        self._draft.editor.marks.show_breaks(self._breaks())
        self._tell_of_others()
        self._text_timer.setInterval(max(FOLLOW_DELAY, round(1000 * REST * (perf_counter() - begun))))

    def _tell_of_others(self) -> None:
        """Says once, while the panel is closed, that there is something to decide; no longer once there is not."""
        count = sum(not self.changes.is_mine(change) for change in self._open)
        sentence = f"{'A change is' if count == 1 else f'{count} changes are'} suggested in this text."
        if not count:
            self._draft.window.notices.remove(NOTICE)
        elif self._has_told:
            self._draft.window.notices.reword(NOTICE, sentence)  # where it is still there
        elif self._draft.connection.rights.may_edit:
            self._has_told = True
            self._draft.say(NOTICE, "information", sentence, Answer("show_changes", "Show what is suggested"))

    def _breaks(self) -> list[SuggestedBreak]:
        """The line breaks among them."""
        found = []
        for change in self._open:
            for stretch in change.stretches:
                at: int = stretch.start
                for part in stretch.text.split("\n")[:-1] if "\n" in stretch.text else ():
                    at += utf16_length(part)
                    found.append(SuggestedBreak(at, stretch.comes, change.author.colour or UNKNOWN))
                    at += 1
        return sorted(found)

    # Inside

    def _made(self) -> ChangesPanel:
        if self._panel is None:
            panel = self._panel = self._draft.window.panels.make_changes()
            panel.activated.connect(self._go_to)
            panel.accepted.connect(self._accept)
            panel.rejected.connect(self._reject)
            panel.undo_wanted.connect(self._draft.editor.undo_own)
            panel.redo_wanted.connect(self._draft.editor.redo_own)
        return self._panel

    def _accept(self, ids: Sequence[str]) -> None:
        if self._draft.connection.rights.may_edit:
            self._decide(self.changes.accept, ids, "Accepted")
        else:
            self._say(f"{self._draft.connection.rights.refusal}.")

    def _reject(self, ids: Sequence[str]) -> None:
        rights = self._draft.connection.rights
        mine = {change.id for change in self._open if self.changes.is_mine(change)}
        allowed = [id for id in ids if rights.may_edit or (rights.may_suggest and id in mine)]
        if allowed or not ids:
            self._decide(self.changes.reject, allowed, "Rejected")
        else:
            self._say(f"{rights.refusal}. You may withdraw only what you have suggested yourself.")

    def _decide(self, how: Callable[[Sequence[str]], None], ids: Sequence[str], done: str) -> None:
        if not ids:
            self._say(NONE_THERE)
            return
        one = self._by_id.get(ids[0]) if len(ids) == 1 else None
        only = "" if one is None else self._shown(one).sentence
        with wait_cursor(on=len(ids) > MANY):
            how(ids)
        say(self._draft.editor, f"{done}: {only or f'{len(ids)} changes'}")
        self._draft.editor.caret_moved.emit()
        self.refresh()

    def _decide_here(self, how: Callable[[Sequence[str]], None]) -> None:
        if id := self.at_caret():
            how([id])
        else:
            self._say(NONE_HERE)

    def _step(self, way: int) -> None:
        """Goes to the next change, or to the one before, and round."""
        if not self._open:
            self._say(NONE_THERE)
            return
        caret, ids = self._draft.editor.caret()[1], [change.id for change in self._open]
        here = self.at_caret()
        if here:
            place = (ids.index(here) + way) % len(ids)
        elif way > 0:
            place = next((at for at, change in enumerate(self._open) if change.start >= caret), 0)
        else:
            place = next((at for at in reversed(range(len(ids))) if self._open[at].start < caret), -1)
        self._go_to(ids[place])

    def _go_to(self, id: str) -> None:
        """Puts the caret to the text of a change."""
        change = next((change for change in self.changes.all() if change.id == id), None)
        if change is not None:
            self._draft.window.views.show_view(DRAFT)
            self._shown_at = id, change.start
            self._draft.editor.set_caret(change.start)
            self._draft.editor.position_visible(change.start)
            self._draft.editor.setFocus()
            self._draft.window.reading.tell_anew()

    def _say(self, sentence: str) -> None:
        self._draft.say("change", "information", sentence)

    def _leave_formats(self) -> None:
        self._draft.say("formats", "information", FORMATS_LEFT)

    def _tell_overruled(self, names: Sequence[str]) -> None:
        self._say(overruled_in_words(names))

    def _all_shown(self) -> ChangesShown:
        rights, by_id = self._draft.connection.rights, self._by_id
        every = tuple(by_id)
        mine = (each.id for each in self._open if self.changes.is_mine(each)) if rights.may_suggest else ()
        return ChangesShown(
            every,
            lambda id: self._shown(by_id[id]),
            every if rights.may_edit else (),
            every if rights.may_edit else tuple(mine),
            rights.may_suggest,
        )

    def _shown(self, change: SuggestedChange) -> ChangeShown:
        rights, is_mine = self._draft.connection.rights, self.changes.is_mine(change)
        author, created = change.author, change.created
        return ChangeShown(
            change.id,
            self._in_words(change, comes=False),
            self._in_words(change, comes=True),
            author.name,
            author.colour,
            self._bringers.source(SUGGESTIONS, change.id, author.name),
            ago(created, milliseconds_now()) if created else "",
            date_and_time(created) if created else "",
            may_accept=rights.may_edit,
            may_reject=rights.may_edit or (rights.may_suggest and is_mine),
            is_mine=is_mine,
            is_move=change.is_move,
        )

    def _in_words(self, change: SuggestedChange, *, comes: bool) -> str:
        """What of a change comes, or goes, in one line: breaks as signs, pictures as words, cut where it is long."""
        text = "".join(self._text(stretch) for stretch in change.stretches if stretch.comes is comes)
        line = text.replace("\n", BREAK)
        return line if len(line) <= MOST_SHOWN else f"{line[: MOST_SHOWN - 1].rstrip()}…"

    def _text(self, stretch: Stretch) -> str:
        are_breaks = not stretch.text.strip("\n")
        if EMBED_CHARACTER not in stretch.text and not are_breaks:
            return stretch.text
        spans = list(self._draft.document.spans(stretch.start, stretch.stop))
        if are_breaks and stretch.comes and any(PAGE_BREAK in span.attributes for span in spans):
            return "[page break]"
        return "".join(map(_named, spans))

    # Following

    def _follow_soon(self) -> None:
        self._is_known = False
        if not self._text_timer.isActive():
            self._text_timer.start()

    def _follow_caret(self) -> None:
        self._current = self.at_caret()
        if self._panel is not None:
            self._panel.show_current(self._current)


def overruled_in_words(names: Sequence[str]) -> str:
    """Who decided otherwise on how many changes, which holds.

    Args:
        names: one for each change; empty where it is not known.
    """
    who = isolated(names[0] or "Somebody") if len(set(names)) == 1 else "Others"
    what, which = ("a change", "that decision stands") if len(names) == 1 else (f"{len(names)} changes", "those stand")
    return f"{who} decided differently on {what} at the same moment, and {which}."


def _named(span: Span) -> str:
    """What stands for a span in a line of words."""
    if is_footnote(span.embed):
        return f"[footnote: {text_of(span.embed)}]"
    return span.text if span.embed is None else next((NAMES[kind] for kind in NAMES if kind in span.embed), IMAGE)
