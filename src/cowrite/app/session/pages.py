"""SessionPages: what the session's own place shows for each phase, and what becomes of what a person does there.

Runs on the GUI thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.session.half_note import HalfNote
from cowrite.app.session.open_things import action_in_words, due_in_words
from cowrite.app.session.plain_pages import BEGIN, PlainPages
from cowrite.app.session.polls import SessionPolls
from cowrite.app.session.running import WRITING, RunningSession
from cowrite.app.session.spread import SessionSpread
from cowrite.app.session.worth import WORTH
from cowrite.bridge.shared.sealed import Reach
from cowrite.bridge.single_shot import single_shot
from cowrite.core.board.items import Hand, Note, Tie
from cowrite.core.brainstorm.deciding import day
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.brainstorm.session_places import places_for
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.merging import merged_text
from cowrite.core.text.origin import Origin
from cowrite.gui.look.times import date_and_time
from cowrite.gui.session.begin_dialog import NAMED, NAMELESS
from cowrite.gui.session.session_view import SessionView
from cowrite.gui.session.values import FrameShown, OpenRow, PadNote, PadShown, Seed
from cowrite.storage.half_notes import HalfNotes

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.session.leading import Leading
    from cowrite.app.session.timer import SessionTimer
    from cowrite.bridge.likeness import Encoder

AT_SERVER = "on the server, which gives them to nobody else until all are revealed"
MOST_SEEDS = 5  # notes to build on: many at once narrow what people think of


def _held(begun: Session, running: Session | None) -> str:
    """Why words that were begun for one session still stand on the pad, while another runs or none."""
    said = f"“{running.question}” has begun" if running is not None else "The session is over"
    return f"{said}. You were still writing a note for “{begun.question}”."


class SessionPages(QObject):
    """Fills the pages of a session.

    Args:
        running: the session.
        draft: of which document.
        leading: leads the group.
        timer: says which prompt it is the turn of.
        view: where the pages are.
        encoder: gives what makes vectors of notes; None for no such thing.
    """

    def __init__(
        self,
        running: RunningSession,
        draft: BareDraft,
        leading: Leading,
        timer: SessionTimer,
        view: SessionView,
        encoder: Callable[[], Encoder | None],
    ) -> None:
        super().__init__(view)
        self._running = running
        self._draft = draft
        self._leading = leading
        self._timer = timer
        self._brainstorm = running.brainstorm
        self._pad_of, self._pad_phase = "", Phase.WRITE  # for which session and phase the pad was shown last
        self.half_note = HalfNote(
            HalfNotes(draft.half_notes),
            draft.storage,
            lambda problem: draft.say("half note", "problem", problem),
            lambda: draft.notices.take_back("half note"),
            self,
        )
        self._turned = 0  # how often other notes to build on were asked for
        self._listed: set[tuple[str, str]] = set()  # actions that sessions showed open: one ticked by mistake stays
        self.view = view
        self._spread = SessionSpread(self._brainstorm, encoder, self)
        self._spread.changed.connect(self._show_where_seen)
        window = draft.window
        self._plain = PlainPages(running, leading, window.views, window.actions_["session_begin"], self._spread)
        self.polls = SessionPolls(running, draft, view.polls)
        self._emptied = single_shot(self, self.show)
        view.came.connect(self.show)
        draft.connection.rights_changed.connect(self._let_seal)
        view.went.connect(self.polls.go_to)
        view.plain.asked.connect(self._on_asked)
        view.frame.changed.connect(self._change_frame)
        view.open.carried.connect(self._carry)
        view.open.ticked.connect(self._tick)
        view.open.opened.connect(running.opened)
        view.pad.written.connect(self._write)
        view.pad.typed.connect(self._on_typed)
        view.pad.retyped.connect(self.half_note.take)
        self._ideas = Ideas(self._brainstorm)  # which leaves alone what is locked
        view.pad.changed.connect(self._retype)
        view.pad.removed.connect(self._remove)
        view.pad.refused.connect(lambda why: draft.say("pad", "warning", why))
        view.pad.others_wanted.connect(self._show_others)

    def close(self) -> None:
        """The draft is closed: what is half written is kept when this returns."""
        self.half_note.close()
        self._spread.close()

    def show(self) -> None:
        """Shows what the phase at which this person looks needs."""
        session, view = self._running.session, self.view
        self._put_half(session)
        self._let_seal()
        begun = self._goes_on()
        if begun is not None:
            # Whoever is writing ends the note first, for the session whose question stood above the words.
            view.pad.show_pad(self._pad(begun, self._pad_phase, _held(begun, session)))
            view.show_page(view.pad)
            return
        if session is None:
            if not self.polls.show_past(view, self._plain.came_to(), BEGIN.text):
                view.plain.show_page(self._plain.between())
                view.show_page(view.plain)
            return
        phase = self._running.looks_at
        if phase is Phase.OPEN:
            view.open.show_rows(self._open_rows(session), may_lead=self._running.may_lead)
            view.show_page(view.open)
        elif phase is Phase.FRAME:
            view.frame.show_frame(self._frame(session))
            view.show_page(view.frame)
        elif phase in WRITING:
            if session.id != self._pad_of:
                view.pad.begin_prompts()
            self._pad_of, self._pad_phase = session.id, phase
            shown = self._pad(session, phase)
            view.pad.show_pad(shown)
            view.show_page(view.pad)
            self._put_half_changed(shown)
        elif phase in (Phase.RATE, Phase.DIFFERENCES, Phase.DECIDE):
            self.polls.show(session, phase)
            view.show_page(view.polls)
        else:
            view.plain.show_page(self._plain.page(session, phase))
            view.show_page(view.plain)

    def _goes_on(self) -> Session | None:
        """The session for which somebody still writes on the pad while another runs, or none does."""
        begun, session = self._brainstorm.sessions.get(self._pad_of), self._running.session
        is_other = begun is not None and (session is None or session.id != begun.id)
        return begun if is_other and self.view.pad.holds_words else None

    def _let_seal(self) -> None:
        written, may_seal = self._goes_on() or self._running.session, self._running.may_seal
        self.view.let_seal(notes=may_seal and written is not None and written.seals, ballots=may_seal)

    def _show_where_seen(self) -> None:
        if self.view.isVisible():
            self.show()

    # Writing

    def _put_half(self, session: Session | None) -> None:
        """Puts on the pad, where nothing stands, what was half written before: first for the session that runs."""
        if self.view.pad.holds_words:
            return
        every = [each for each in self.half_note.ids if self._brainstorm.sessions.get(each) is not None]
        if session is not None and session.id in every:
            self._pad_of = session.id
            if self._running.looks_at not in WRITING:
                return  # it stands there as soon as this person looks at the pad
        elif every:
            self._pad_of, self._pad_phase = every[0], Phase.WRITE
        else:
            return
        self.view.pad.put(self.half_note.words(self._pad_of))

    def _put_half_changed(self, shown: PadShown) -> None:
        """Goes on changing a note that was being changed before, with what others have made of it meanwhile."""
        for note in shown.notes:
            words = self.half_note.words(note.id)
            if words and self.view.isVisible() and not self.view.pad.is_changing:
                self.view.pad.retype(note.id, merged_text(self.half_note.before(note.id), words, note.text))

    def _on_typed(self, words: str) -> None:
        if self._pad_of:
            self.half_note.take(self._pad_of, words)
        if not words and self.view.isVisible():
            self._emptied.start()

    def _write(self, texts: list[str], builds_on: str) -> None:
        session = self._brainstorm.sessions.get(self._pad_of)  # whose question stood above the words
        if not (self._running.may_write or (session is not None and session.seals)):
            self._hold(texts)
            return
        origin = (builds_on,) if builds_on else ()
        places, grown = places_for(self._brainstorm, session, self.view.pad.prompt, len(texts))
        begun = session.id if session is not None else ""
        written = (
            Note("", text, place, builds_on=origin, session=begun) for text, place in zip(texts, places, strict=True)
        )
        with self._brainstorm.document.transaction(Origin.LOCAL):  # one act
            ids = self._brainstorm.write(written)
            self._brainstorm.change(grown)
            if builds_on and not (session is not None and session.seals):
                for id in ids:
                    self._brainstorm.board.link(id, builds_on, Tie.BUILDS_ON)
        if session is not None and session.seals and not session.is_anonymous and self._running.may_say:
            self._brainstorm.sessions.say_contributed(session.id, self._brainstorm.me)
        self.half_note.keep()

    def _retype(self, id: str, before: str, text: str) -> None:
        """Gives a note another text. The pad shows it in one line: where its lines break stays as it was, and so does
        what a teammate has written in it meanwhile."""
        note = self._brainstorm.visibility.note(id)
        if not self._may_change(note):
            self.half_note.take(id, "")
            self._hold([text])
            return
        if note is not None and note.text:
            text = merged_text(before, text, note.text).strip()
        self._ideas.retype(id, text)

    def _remove(self, ids: Iterable[str]) -> None:
        self._ideas.remove([id for id in ids if self._may_change(self._brainstorm.visibility.note(id))])

    def _may_change(self, note: Note | None) -> bool:
        """Whether this person may change a note of theirs: it may lie sealed no more."""
        return self._running.may_write or (note is not None and note.is_sealed)

    def _hold(self, texts: Iterable[str]) -> None:
        """Leaves in the line, where they can be copied, words for which a reveal came too early."""
        words = "\n".join(filter(None, (self.half_note.words(self._pad_of), *texts)))
        self.view.pad.put(words)
        self._on_typed(words)
        self._emptied.start()

    def _show_others(self) -> None:
        self._turned += 1
        self.show()

    def _pad(self, session: Session, phase: Phase, held: str = "") -> PadShown:
        box = self._brainstorm.box
        sealed = box.notes(session.id)
        own = sealed or self._revealed_own(session)
        seeds, more = self._seeds(session) if phase is Phase.BUILD else ((), False)
        return PadShown(
            question=session.question,
            notes=tuple(PadNote(note.id, note.words, note.is_late, note.is_locked) for note in own),
            is_sealed=session.seals,
            is_anonymous=session.is_anonymous,
            where=self._where(session),
            problem=box.problem(session.id),
            is_offline=self._running.is_apart,
            prompts=session.prompts if phase is Phase.WRITE else (),
            prompt=self._timer.prompt,
            seeds=seeds,
            has_more=more,
            spread=self._spread.words(session) if phase is Phase.BUILD else "",
            held=held,
        )

    def _where(self, session: Session) -> str:
        if not session.seals:
            return "What is written now is marked as late." if session.is_late else ""
        shared = self._draft.shared
        has_box = shared is not None and shared.sealed.reach is not Reach.NONE
        place = AT_SERVER if has_box else "on this computer"
        late = ""
        if session.writes_until:
            until = date_and_time(session.writes_until)
            past = session.writes_until < self._brainstorm.now
            late = f" The time was up {until}; what you write now is marked as late." if past else f" Until {until}."
            names = [] if session.is_anonymous else self._brainstorm.sessions.contributed(session.id)
            late += f" Handed in so far: {', '.join(names)}." if names else ""
        # Where something is amiss with the box, it says itself where they lie.
        return late.strip() if self._brainstorm.box.problem(session.id) else f"They lie {place}.{late}"

    def _revealed_own(self, session: Session) -> Iterable[Note]:
        if session.is_anonymous:
            return ()
        return [note for note in self._brainstorm.visibility.notes_of(session.id) if note.author == self._brainstorm.me]

    def _seeds(self, session: Session) -> tuple[tuple[Seed, ...], bool]:
        """A few notes of others, of as many groups as there are; other people get others, and each can turn on.

        Whoever is alone builds on their own.
        """
        every = self._brainstorm.visibility.notes_of(session.id)
        # What the model wrote stands here only when a person has made it their own: a seed says not whose it is.
        notes = [note for note in every if note.hand is not Hand.MODEL and note.words]
        others = [note for note in notes if session.is_anonymous or note.author != self._brainstorm.me] or notes
        groups = {group.id: group.title for group in self._brainstorm.board.groups()}
        mixed = sorted(others, key=lambda note: hashlib.sha256(f"{self._brainstorm.me}{note.id}".encode()).digest())
        first: dict[str, Note] = {}
        rest = []
        for note in mixed:
            if note.group in groups and note.group not in first:
                first[note.group] = note
            else:
                rest.append(note)
        order = [*first.values(), *rest]
        start = self._turned * MOST_SEEDS % len(order) if order else 0
        shown = (order + order)[start : start + min(MOST_SEEDS, len(order))]
        seeds = sorted(shown, key=lambda note: groups.get(note.group, ""))
        return tuple(Seed(note.id, note.words, groups.get(note.group, "")) for note in seeds), len(order) > MOST_SEEDS

    # The other pages

    def _frame(self, session: Session) -> FrameShown:
        anonymity = NAMELESS if session.is_anonymous else NAMED
        return FrameShown(
            session.question,
            session.constraints,
            session.decider,
            session.rule,
            anonymity,
            self._running.may_lead,
            session.facilitator,
        )

    def _change_frame(self, name: str, text: str) -> None:
        session = self._running.session
        if session is not None and self._running.may_lead:
            self._brainstorm.sessions.change(session.id, **{name: text})

    def _open_rows(self, session: Session) -> list[OpenRow]:
        every = self._brainstorm.decisions.due(day(self._running.clock()))
        due = [OpenRow(each.id, due_in_words(each), is_decision=True) for each in every]
        actions = []
        for action in self._brainstorm.decisions.actions.all():
            if action.is_done and action.session != session.id and (session.id, action.id) not in self._listed:
                continue
            self._listed.add((session.id, action.id))
            actions.append(OpenRow(action.id, action_in_words(action), action.session == session.id, action.is_done))
        return [*due, *actions]

    def _carry(self, id: str) -> None:
        session, action = self._running.session, self._brainstorm.decisions.actions.get(id)
        if action is not None and session is not None:
            self._brainstorm.decisions.actions.change(replace(action, session=session.id))

    def _tick(self, id: str, is_done: bool) -> None:
        action = self._brainstorm.decisions.actions.get(id)
        if action is not None:
            self._brainstorm.decisions.actions.change(replace(action, is_done=is_done))

    def _on_asked(self, what: str) -> None:
        if what == "begin":
            self._draft.window.actions_["session_begin"].trigger()
        elif what == "reveal":
            self._leading.reveal()
        elif what == "end":
            self._leading.ask_end()
        elif what == "actions":
            self._running.actions_wanted.emit()
        elif what == "minutes":
            self._running.minutes_wanted.emit()
        elif what in WORTH:
            self._running.say_worth(WORTH[what])
        else:
            self._draft.window.views.show_view(what)
            last = self._running.last
            if what in ("board", "ideas") and last is not None:
                self._draft.window.views.view(what).bring_into_sight(self._plain.notes_of(last))
