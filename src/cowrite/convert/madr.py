"""Decisions as Markdown in the form of MADR 4.0.0 (https://adr.github.io/madr/): one file for each, or one for all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from cowrite.convert.decision_lines import LinkTo, log_lines, record_lines
from cowrite.convert.markdown.writer import to_markdown
from cowrite.core.decisions.decisions import Status
from cowrite.core.decisions.records import Record
from cowrite.core.text.richtext import Line

LONGEST_NAME = 60  # characters
_NOT_IN_NAMES = re.compile(r"[^\w]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BULLET = re.compile(r"^- ", re.MULTILINE)


def to_madr(record: Record, files: Mapping[str, str] | None = None) -> str:
    """One decision as a file of its own.

    Args:
        record: the decision.
        files: for the ids of decisions the names of their files, for the links between them.
    """
    names = files or {}
    return _front_matter(record, names) + "\n" + _markdown(record_lines(record, link=_files(names)))


def to_log(records: Sequence[Record], title: str) -> str:
    """All decisions in one file, below a heading."""
    return _markdown(log_lines(records, title))


def file_names(records: Sequence[Record]) -> dict[str, str]:
    """For the id of each decision the name of its file: its number in the log and the words of its name."""
    names = {}
    for number, record in enumerate(records, 1):
        words = _NOT_IN_NAMES.sub("-", record.decision.name.lower())[:LONGEST_NAME].strip("-_")
        names[record.decision.id] = f"{number:04d}-{words or 'decision'}.md"
    return names


def _front_matter(record: Record, names: Mapping[str, str]) -> str:
    decision = record.decision
    status: str = decision.status
    if decision.superseded_by in names and decision.status in (Status.ACCEPTED, Status.SUPERSEDED):
        is_over = decision.status is Status.SUPERSEDED
        status = (
            f"{'' if is_over else 'accepted, to be '}superseded by {names[decision.superseded_by].removesuffix('.md')}"
        )
    rows = [f"status: {_scalar(status)}"]
    if decision.decided_on:
        rows.append(f"date: {_day(decision.decided_on)}")
    if decision.decider:
        rows.append(f"decision-makers: {_scalar(decision.decider)}")
    voters = [stance.voter for stance in decision.stances if stance.voter and stance.voter != decision.decider]
    if voters:
        rows.append(f"consulted: {_scalar(', '.join(dict.fromkeys(voters)))}")
    return "\n".join(("---", *rows, "---", ""))


def _day(text: str) -> str:
    """A day as YAML knows one; what somebody else wrote there stays text."""
    return text if _DAY.fullmatch(text) else _scalar(text)


def _scalar(text: str) -> str:
    """A text as YAML, whose double-quoted scalars are a superset of JSON's strings."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _files(names: Mapping[str, str]) -> LinkTo:
    return lambda id: names.get(id, "")


def _markdown(lines: Sequence[Line]) -> str:
    """As MADR's own templates have it: lists with asterisks."""
    text = to_markdown(lines, lambda name: name)
    return _BULLET.sub("* ", text)
