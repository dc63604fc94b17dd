"""Decisions as a table."""

from __future__ import annotations

import csv
import io

import pytest

from cowrite.convert.decisions_csv import decisions_csv
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.records import Quoted, Record

KEPT, REWRITTEN, GONE = Quoted("We met.", "We met."), Quoted("It rains.", "It rained."), Quoted("Nobody came.", None)


@pytest.mark.parametrize(
    ("quotes", "changed"), [((), ""), ((KEPT,), ""), ((KEPT, REWRITTEN), "yes"), ((GONE, KEPT), "yes")]
)
def test_a_table_says_whether_a_passage_has_changed_on_which_a_decision_rests(
    quotes: tuple[Quoted, ...], changed: str
) -> None:
    record = Record(Decision("decision:1", "What do we plant?", Status.ACCEPTED), quotes=quotes)
    (row,) = csv.DictReader(io.StringIO(decisions_csv([record])))
    assert row["evidence changed"] == changed
    assert row["evidence"] == "\n".join(each.quote for each in quotes)
