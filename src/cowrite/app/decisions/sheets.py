"""What the view of decisions is told, made from a document: rows of the log, sheets and lines of actions.

Runs on the document's thread. Notes and polls are read through `core.sessions.visibility` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.deciding import REVIEW_AFTER, day, days_later, hindrance
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.grounds import proposals, sentences_of
from cowrite.core.decisions.lineage import Lineage, Lineages
from cowrite.core.decisions.records import STATUS_WORDS, Quoted, vote_lines
from cowrite.core.sessions.polls import told_apart
from cowrite.gui.decisions.values import ActionLine, Row, Sheet


@dataclass(frozen=True, slots=True)
class Origins:
    """Where a decision comes from; takes a look at everything, so it is made anew only when the person pauses."""

    decision: str = ""
    lineage: Lineage = field(default_factory=Lineage)
    ideas: dict[str, str] = field(default_factory=dict)
    proposals: dict[str, tuple[str, ...]] = field(default_factory=dict)


class DecisionSheets:
    """Rows, sheets and lines of one document.

    Args:
        brainstorm: of the document.
        assist_words: says of a record of the assistant's, by its id, from which model it is and who accepted it.
    """

    def __init__(self, brainstorm: Brainstorm, assist_words: Callable[[str], str]) -> None:
        self._brainstorm = brainstorm
        self._assist_words = assist_words
        self._lineages = Lineages(brainstorm.decisions, brainstorm.visibility, brainstorm.board, brainstorm.sessions)

    @property
    def today(self) -> str:
        """The day that it is (YYYY-MM-DD)."""
        return day(self._brainstorm.clock())

    def rows(self) -> list[Row]:
        """All decisions for the log."""
        decisions, today = self._brainstorm.decisions, self.today
        return [_row(each, each.is_due(today), decisions.is_stale(each)) for each in decisions.all()]

    def sheet(self, id: str, origins: Origins) -> Sheet | None:
        """A decision for the card; None where it is not there."""
        brainstorm, decisions = self._brainstorm, self._brainstorm.decisions
        decision = decisions.get(id)
        if decision is None:
            return None
        known = origins if origins.decision == id else Origins(id)
        today = self.today
        return Sheet(
            decision,
            STATUS_WORDS[decision.status],
            hindrance(decision),
            tuple(Quoted(each.quote, decisions.quote_now(each)) for each in decision.evidence),
            vote_lines(brainstorm.visibility.poll(decision.poll)),
            known.lineage,
            known.ideas,
            known.proposals,
            tuple(line for line in self.lines() if line.action.decision == id),
            self._lineages.words(decision.supersedes),
            self._lineages.words(decision.superseded_by),
            decision.is_due(today),
            days_later(today, REVIEW_AFTER),
            f"First wording: {self._assist_words(decision.assist)}" if decision.assist else "",
        )

    def origins(self, id: str) -> Origins:
        """Where a decision comes from, and what its sentences may rest on."""
        decision = self._brainstorm.decisions.get(id)
        if decision is None:
            return Origins()
        ideas = self._ideas()
        return Origins(id, self._lineages.of(id), ideas, proposals(sentences_of(decision.outcome), ideas))

    def lines(self) -> list[ActionLine]:
        """All actions, the open ones first, of these the most urgent."""
        names = {each.id: each.name for each in self._brainstorm.decisions.all()}
        today = self.today

        def urgency(action: Action) -> tuple[bool, str, int, str]:
            return action.is_done, action.due or "9999", action.created, action.id

        return [
            ActionLine(each, names.get(each.decision, ""), not each.is_done and "" < each.due < today)
            for each in sorted(self._brainstorm.decisions.actions.all(), key=urgency)
        ]

    def _ideas(self) -> dict[str, str]:
        """All that a sentence can rest on: notes that everybody has, groups, and votes that are over."""
        brainstorm = self._brainstorm
        ideas = {note.id: note.words for note in brainstorm.visibility.published()}
        ideas |= {group.id: group.title for group in brainstorm.board.groups()}
        polls = brainstorm.visibility.polls()
        titles = told_apart(polls)
        return ideas | {poll.id: titles[poll.id] for poll in polls if poll.is_closed}


def _row(decision: Decision, is_due: bool, is_stale: bool) -> Row:
    first = next((line for line in decision.outcome.splitlines() if line.strip()), "")
    when = decision.decided_on or (day(decision.created) if decision.created else "")
    options = [choice.text for choice in decision.options]
    options += [each.text for choice in decision.options for each in (*choice.pros, *choice.cons)]
    words = (
        *(decision.question, decision.context, decision.outcome, decision.consequences, decision.dissent),
        *(decision.decider, decision.owner, decision.rule, *options),
        *(each.quote for each in decision.evidence),
    )
    status = STATUS_WORDS[decision.status]
    succession = ""
    if decision.status is Status.ACCEPTED and decision.superseded_by:
        succession = "To be superseded"
    elif decision.status is Status.PROPOSED and decision.supersedes:
        succession = "To supersede another"
    return Row(
        decision.id,
        " ".join(decision.question.split()),
        first.strip(),
        status,
        when,
        is_due,
        is_stale,
        succession,
        "\n".join((*words, status, succession)),
    )
