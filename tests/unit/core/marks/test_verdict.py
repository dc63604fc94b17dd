"""What the entry of a suggested change says of how somebody has decided on it."""

from __future__ import annotations

import pytest

from cowrite.core.marks.verdict import ACCEPTED, REJECTED, Verdict, known_in, next_turn, verdict_in


def test_a_verdict_says_what_was_known_of_the_change() -> None:
    verdict = Verdict(ACCEPTED, "Ada", 2, 17, is_move=True, after=(4, 2))
    fields = {"author": "Bo", **verdict.fields(5)}
    assert verdict_in(fields) == verdict
    assert known_in(fields) == (5, 4, 2)
    assert known_in({}) == ()


@pytest.mark.parametrize(
    ("after", "turn", "decided", "is_known"),
    [
        ((5, 4), 2, 4, True),
        ((5, 4), 2, 3, False),  # of two others, one behind the other
        ((5, 4), 3, 4, False),
        ((), 2, 3, True),  # an older cowrite counts turns alone
        ((5, 4), 2, 0, True),
        (tuple(range(5, 500)), 2, 3, True),
    ],
)
def test_who_decides_knows_of_the_verdicts_that_are_named(after, turn, decided, is_known) -> None:
    verdict = Verdict(ACCEPTED, "Ada", 3, after=after)
    assert verdict_in(verdict.fields(600)).knows(turn, decided) is is_known


def test_of_two_verdicts_at_once_that_holds_whole_which_wins_though_a_field_of_the_other_is_there() -> None:
    before, ada, eve = (
        Verdict(*each).fields(5) for each in ((ACCEPTED, "Eve", 1), (REJECTED, "Ada", 2), (ACCEPTED, "Eve", 3))
    )
    written = {name: value for name, value in eve.items() if value != before[name]}
    assert verdict_in(before | ada | written) == Verdict(ACCEPTED, "Eve", 3)


def test_nothing_is_known_of_what_an_older_cowrite_knew_though_it_has_left_what_another_said() -> None:
    newer = Verdict(ACCEPTED, "Ada", 1, 17, is_move=True).fields(5)
    older = {"state": REJECTED, "decided_by": "Eve", "decided": 6}
    for fields in (older, newer | older):
        assert verdict_in(fields) == Verdict(REJECTED, "Eve")
    assert verdict_in({"knowing": "all"}) == Verdict("", "")


@pytest.mark.parametrize(
    ("fields", "turn"),
    [
        ({}, 1),
        (Verdict(ACCEPTED, "Eve", 1).fields(5), 2),
        (Verdict(ACCEPTED, "Ada", 1).fields(5), 1),
        ({"state": REJECTED, "decided_by": "Eve", "decided": 6}, 2),
        (Verdict(ACCEPTED, "Eve", 2).fields(5) | {"state": REJECTED, "decided_by": "Eve", "decided": 6}, 3),
    ],
)
def test_who_decides_on_what_somebody_else_has_decided_has_the_next_turn(fields, turn) -> None:
    assert next_turn(fields, "Ada") == turn
