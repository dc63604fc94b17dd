"""The minutes of a session as rich text: what came of it, in the words that its pages, its decisions and exports have.

Runs on the document's thread. Notes and polls are read through `core.sessions.visibility`: nothing sealed is among them
and no ballot of an open poll, and no note or ballot leads to a name that is not to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from cowrite.app.session.open_things import due_in_words
from cowrite.convert.decision_lines import action_words, fact_line, heading_line, item_line
from cowrite.convert.notes.list import plain
from cowrite.core.board.items import Group, Hand, Note
from cowrite.core.board.model_words import model_text_of
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.deciding import NARROWING
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.cards import EMBED, UNDECIDED
from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.parts import Stance
from cowrite.core.document.assists import UNKNOWN
from cowrite.core.sessions.polls import POSITIONS, Poll, told_apart
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.sessions.tally import Tally, tally
from cowrite.core.text.first_words import shortened
from cowrite.core.text.model_words import letters_of_model
from cowrite.core.text.richtext import EMBED_CHARACTER, MARK, Line, Span
from cowrite.gui.look.times import DAY, date
from cowrite.gui.session.poll_words import LONGEST_NAME, asked, headline, rows, spread_in_words

LEVEL = 2
"""Of the heading above the minutes; those within are one deeper."""
MOST_IN_GROUP, MOST_ALONE = 12, 24
"""So many notes of a group, and of no group, stand in the minutes: of more those with the most votes."""


def title_of(session: Session) -> str:
    """What stands above the minutes of a session: its day, and what it asked."""
    day = f" of {date(session.created)}" if session.created else ""
    return f"Minutes{day}: {' '.join(session.question.split())}"


def titles_of(session: Session, others: Iterable[Session]) -> list[str]:
    """What may stand above the minutes of a session, likeliest first: who puts them in far away has another day, which
    is told here from that of another session.

    Args:
        session: whose.
        others: all sessions of the document.
    """
    if not session.created:
        return [title_of(session)]
    taken = {title_of(each) for each in others if each.id != session.id}
    elsewhere = (title_of(replace(session, created=session.created + shift)) for shift in (-DAY, DAY))
    return [title_of(session), *(each for each in elsewhere if each not in taken)]


def minutes(brainstorm: Brainstorm, session: Session) -> list[Line]:
    """The minutes of a session.

    Args:
        brainstorm: what the document holds of it.
        session: one that runs or is over.
    """
    return _Minutes(brainstorm, session).lines()


def took_part(brainstorm: Brainstorm, session: Session) -> list[str]:
    """The names of those who have done something in a session of which everybody knows that they did it, sorted: they
    have said that they are done, handed something in, voted by name, or led."""
    sessions = brainstorm.sessions
    names = {session.facilitator, *sessions.worth(session.id)}
    names.update(() if session.is_anonymous else sessions.contributed(session.id))
    names.update(name for phase in Phase for name in sessions.done(session.id, phase))
    notes = brainstorm.visibility.notes_of(session.id)
    names.update(note.author for note in notes if note.hand is not Hand.MODEL)
    names.update(ballot.voter for poll in brainstorm.visibility.polls_of(session.id) for ballot in poll.ballots)
    return sorted(names - {""}, key=str.casefold)


@dataclass(frozen=True, slots=True)
class _Vote:
    """A closed poll in which somebody has voted: what it asks, told from others, and what it came to."""

    poll: Poll
    asks: str
    result: Tally


class _Minutes:
    def __init__(self, brainstorm: Brainstorm, session: Session) -> None:
        self._brainstorm = brainstorm
        self._session = session
        see = brainstorm.visibility
        # What of the model nobody has adopted is no idea of the group's.
        own = [note for note in see.notes_of(session.id) if note.hand is not Hand.MODEL and note.words]
        self._notes = [replace(note, text=plain(note.text)) for note in own]
        self._groups = {group.id: group for group in brainstorm.board.groups()}
        titles = told_apart(see.polls())
        self._open = [asked(poll, titles[poll.id]) for poll in see.open_polls(session.id)]
        closed = [(poll, tally(poll)) for poll in see.polls_of(session.id) if poll.is_closed]
        self._votes = [_Vote(poll, asked(poll, titles[poll.id]), result) for poll, result in closed if result.ballots]
        self._ranks = self._ranking()
        every = [each for each in brainstorm.decisions.all() if each.session == session.id]
        self._made = [each for each in every if each.outcome.strip()]
        self._unmade = [each for each in every if not each.outcome.strip()]
        ids = {each.id for each in every}
        actions = brainstorm.decisions.actions.all()
        self._actions = [each for each in actions if each.session == session.id or each.decision in ids]
        self._of_model = dict(self._model_letters())

    def lines(self) -> list[Line]:
        """All of them."""
        sections = (
            ("Ideas", self._ideas()),
            ("Votes", [line for vote in self._votes for line in self._vote(vote)]),
            ("Decisions", [_embedded(each) for each in self._made]),
            ("Dissent", [self._item(words) for words in self._dissent()]),
            ("Actions", [self._action(each) for each in self._actions]),
            ("Left open", [self._item(words) for words in self._left_open()]),
        )
        lines = [heading_line(title_of(self._session), LEVEL), *self._facts()]
        for title, inside in sections:
            lines += [heading_line(title, LEVEL + 1), *inside] if inside else []
        return lines

    def _facts(self) -> Iterator[Line]:
        session = self._session
        facts = {
            "Took part": ", ".join(took_part(self._brainstorm, session)),
            "Led by": session.facilitator,
            "Constraints": " ".join(session.constraints.split()),
            "Decision-makers": session.decider,
            "Rule": session.rule,
        }
        yield from (fact_line(name, value) for name, value in facts.items() if value)

    def _ranking(self) -> dict[str, int]:
        """The places of notes and groups in the last vote that says which are worth more."""
        last = next((each for each in reversed(self._votes) if each.poll.kind in NARROWING), None)
        return {} if last is None else {count.option: place for place, count in enumerate(last.result.counts)}

    def _ideas(self) -> list[Line]:
        def group_of(note: Note) -> str:
            return note.group if note.group in self._groups else ""

        last = len(self._ranks)
        ranked = sorted(self._notes, key=lambda note: self._ranks.get(note.id, last))
        inside = {id: list(notes) for id, notes in groupby(sorted(ranked, key=group_of), key=group_of)}
        alone = inside.pop("", [])
        lines = []
        for id in sorted(inside, key=lambda id: (self._ranks.get(id, last), list(self._groups).index(id))):
            title = " ".join(self._groups[id].title.split()) or "Group"
            lines.append(item_line(_bold(self._spans(title))))
            lines += self._some(inside[id], MOST_IN_GROUP, 1)
        return lines + self._some(alone, MOST_ALONE, 0)

    def _some(self, notes: list[Note], most: int, indent: int) -> list[Line]:
        shown = notes if len(notes) <= most else notes[: most - 1]
        words = [" ".join(note.words.split()) for note in shown]
        if more := len(notes) - len(shown):
            words.append(f"and {more} more on the board")
        return [item_line(self._spans(each), indent) for each in words]

    def _vote(self, vote: _Vote) -> Iterator[Line]:
        yield Line(_bold(self._spans(vote.asks)))
        if vote.poll.kind in POSITIONS:
            yield from (Line(self._spans(f"“{option.text}”")) for option in vote.poll.options)
        yield Line(self._spans(headline(vote.poll, vote.result)))
        for row in rows(vote.poll, vote.result):
            apart = f" ({spread_in_words(row.spread)})" if row.spread is not None else ""
            yield self._item(f"{row.text}: {row.value}{apart}")

    def _dissent(self) -> Iterator[str]:
        for decision in self._made:
            yield from (" ".join(row.split()) for row in decision.dissent.splitlines() if row.strip())
        decided = {each.poll for each in self._made}
        for vote in self._votes:
            if vote.poll.id not in decided:  # else it stands there, as people have put it
                yield from (Stance(each.voter, each.position, each.reason).words for each in vote.result.dissent)

    def _action(self, action: Action) -> Line:
        return Line(self._spans(action_words(action)), {"list": "checked" if action.is_done else "unchecked"})

    def _left_open(self) -> Iterator[str]:
        session, box = self._session, self._brainstorm.box
        if not session.is_revealed and box.contributions(session.id).notes:
            yield "The silent notes are still sealed."
        yield from (f"The vote is still open: {asks}" for asks in self._open)
        yield from (f"{UNDECIDED}: {each.name}" if each.name else UNDECIDED for each in self._unmade)
        if not self._made and not self._unmade:
            yield "Nothing has been decided."
        yield from (due_in_words(each) for each in self._made if each.review_on)

    def _item(self, words: str) -> Line:
        return item_line(self._spans(words))

    def _spans(self, words: str) -> tuple[Span, ...]:
        """Words of the minutes, in which those that the model wrote are marked."""
        marks = [""] * len(words)
        for phrase, letters in self._of_model.items():
            for found in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", words):
                here = slice(*found.span())
                marks[here] = [new or old for new, old in zip(letters, marks[here], strict=True)]
        spans, at = [], 0
        for mark, run in groupby(marks):
            end = at + len(list(run))
            spans.append(Span(words[at:end], {MARK: mark} if mark else {}))
            at = end
        return tuple(spans)

    def _model_letters(self) -> Iterator[tuple[str, list[str]]]:
        """Texts of the session that have words of the model, the longest first, as they stand in the minutes and as
        they are shortened there: for each letter the record of the model's work, or nothing."""
        found = {words: (model_text, mark) for words, model_text, mark in self._model_texts() if words and model_text}
        for words in sorted(found, key=len, reverse=True):
            model_text, mark = found[words]
            letters = [mark if is_its else "" for is_its in letters_of_model(words, model_text)]
            if any(letters):
                yield words, letters
                short = shortened(words, LONGEST_NAME)
                if short != words:
                    yield short, [*letters[: len(short) - 1], letters[len(short) - 1]]

    def _model_texts(self) -> Iterator[tuple[str, str, str]]:
        """Texts, what the model wrote of each, and the record of that."""
        entries: Mapping[str, Note | Group] = {**self._groups, **{note.id: note for note in self._notes}}
        for note in self._notes:
            yield " ".join(note.words.split()), model_text_of(note), note.assist or UNKNOWN
        for group in self._groups.values():
            yield " ".join(group.title.split()), group.model_text, UNKNOWN
        for option in (option for vote in self._votes for option in vote.poll.options):  # as it was asked then
            entry = entries.get(option.id)
            if isinstance(entry, Note):
                yield option.text, model_text_of(entry), entry.assist or UNKNOWN
            elif entry is not None:
                yield option.text, entry.model_text, UNKNOWN
        for action in self._actions:
            yield action.what, action.model_text, UNKNOWN
        for decision in (*self._made, *self._unmade):
            for text in filter(decision.is_of_model, (decision.question, decision.outcome, decision.name)):
                yield text, decision.model_text or text, decision.assist


def _embedded(decision: Decision) -> Line:
    return Line((Span(EMBED_CHARACTER, embed={EMBED: decision.id}),))


def _bold(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(replace(span, attributes={**span.attributes, "bold": True}) for span in spans)
