"""Decisions and actions as tables of comma-separated values (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cowrite.convert.decision_lines import review_words
from cowrite.convert.separated import guarded
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Status
from cowrite.core.decisions.parts import Choice
from cowrite.core.decisions.records import STATUS_WORDS, Record, model_wording

DECISION_COLUMNS = (
    *("question", "status", "outcome", "decided on", "decider", "rule", "owner", "options", "consequences", "stances"),
    *("dissent", "confirmation", "review on", "supersedes", "superseded by", "evidence", "evidence changed"),
    *("context", "chosen", "for and against", "vote", "ideas", "reviews", "to supersede", "to be superseded by"),
    "assistant wrote",
)
ACTION_COLUMNS = ("when", "what", "owner", "due", "done", "decision", "assistant wrote")


def decisions_csv(records: Iterable[Record]) -> str:
    """A table with a row for each decision."""
    return _table(DECISION_COLUMNS, (_row(record) for record in records))


def actions_csv(actions: Iterable[Action], decisions: Mapping[str, str]) -> str:
    """A table with a row for each action.

    Args:
        actions: in order.
        decisions: for the ids of decisions their names.
    """
    rows = (
        (
            *(each.when, each.what, each.owner, each.due, _yes(each.is_done), decisions.get(each.decision, "")),
            each.what if each.is_of_model else "",
        )
        for each in actions
    )
    return _table(ACTION_COLUMNS, rows)


def _row(record: Record) -> Sequence[str]:
    decision = record.decision
    # What is only proposed stands in columns of its own, so that nobody takes it for done.
    is_in_force = decision.status in (Status.ACCEPTED, Status.SUPERSEDED)
    supersedes, to_supersede = _done_or_not(record.supersedes, is_in_force)
    superseded_by, to_be_superseded_by = _done_or_not(record.superseded_by, decision.status is Status.SUPERSEDED)
    return (
        *(decision.question, STATUS_WORDS[decision.status], decision.outcome, decision.decided_on, decision.decider),
        *(decision.rule, decision.owner, "\n".join(choice.text for choice in decision.options), decision.consequences),
        "\n".join(stance.words for stance in decision.stances),
        *(decision.dissent, decision.confirmation, decision.review_on, supersedes, superseded_by),
        "\n".join(each.quote for each in record.quotes),
        _yes(any(each.is_stale for each in record.quotes)),
        decision.context,
        "\n".join(choice.text for choice in decision.options if choice.is_chosen),
        "\n".join(_arguments(decision.options)),
        "\n".join(record.vote),
        "\n".join(record.notes.values()),
        "\n".join(map(review_words, decision.reviews)),
        *(to_supersede, to_be_superseded_by),
        "\n".join(model_wording(record)),
    )


def _done_or_not(question: str, is_done: bool) -> tuple[str, str]:
    return (question, "") if is_done else ("", question)


def _arguments(options: Iterable[Choice]) -> Iterator[str]:
    for choice in options:
        yield from (f"{choice.text}: + {each.text}" for each in choice.pros)
        yield from (f"{choice.text}: - {each.text}" for each in choice.cons)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(columns)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return output.getvalue()


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""
