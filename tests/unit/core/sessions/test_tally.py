"""Counting ballots: the rules that the app shows beside each result."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind, suggested_budget
from cowrite.core.sessions.tally import fitted_dots, tally
from helpers.seeds import seeds

A, B, C, D = "note:a", "note:b", "note:c", "note:d"


def poll(kind: PollKind, *ballots: Ballot, budget: int = 3, most: int = 3, criteria: tuple[str, ...] = ()) -> Poll:
    options = tuple(Option(id, id) for id in (A, B, C, D))
    return Poll("poll:1", kind, "Which?", options, budget, most, criteria, is_closed=True, ballots=ballots)


def values(kind: PollKind, *ballots: Ballot, **settings: object) -> dict[str, float]:
    return {count.option: count.value for count in tally(poll(kind, *ballots, **settings)).counts}  # type: ignore[arg-type]


def test_dots_add_up_and_the_most_win():
    result = tally(poll(PollKind.DOTS, Ballot(dots={A: 2, B: 1}), Ballot(dots={B: 2})))

    assert [(count.option, count.value, count.voters) for count in result.counts][:2] == [(B, 3, 2), (A, 2, 1)]
    assert result.winners == (B,)


def test_equal_options_win_together_in_the_order_in_which_they_are_listed():
    assert tally(poll(PollKind.DOTS, Ballot(dots={C: 1, A: 1}))).winners == (A, C)


def test_nobody_wins_without_ballots():
    for kind in PollKind:
        assert tally(poll(kind)).winners == ()


def test_a_ballot_over_the_budget_loses_dots_where_it_has_most_and_of_equals_from_the_last_option():
    assert fitted_dots(poll(PollKind.DOTS), Ballot(dots={A: 3, B: 3})) == {A: 2, B: 1}


@pytest.mark.parametrize("seed", seeds(8))
def test_dots_over_the_budget_go_one_by_one_from_the_option_that_has_the_most(seed):
    chance = Random(seed)
    dots = {id: chance.randrange(9) for id in (A, B, C, D)}
    budget = chance.randrange(12)

    left = dict(dots)
    while sum(left.values()) > budget:
        left[max(left, key=lambda id: (left[id], id))] -= 1

    asked = poll(PollKind.DOTS, budget=budget, most=9)
    assert fitted_dots(asked, Ballot(dots=dots)) == {id: count for id, count in left.items() if count}


def test_a_ballot_with_any_number_of_dots_is_counted_at_once():
    asked = poll(PollKind.DOTS, budget=10**15, most=10**300)
    assert fitted_dots(asked, Ballot(dots={A: 10**300, B: 10**300, C: 5})) == {
        A: 5 * 10**14 - 2,
        B: 5 * 10**14 - 3,
        C: 5,
    }


def test_no_option_gets_more_dots_than_one_may_give():
    assert fitted_dots(poll(PollKind.DOTS, budget=9, most=2), Ballot(dots={A: 7})) == {A: 2}


def test_dots_that_take_away_or_are_for_something_else_do_not_count():
    assert fitted_dots(poll(PollKind.DOTS), Ballot(dots={A: -4, "note:x": 2, B: 1})) == {B: 1}


def test_a_name_counts_once_and_nameless_ballots_all_count():
    twice = [Ballot(dots={A: 1}, voter="Ada"), Ballot(dots={B: 1}, voter="Ada")]

    assert sum(values(PollKind.DOTS, *twice).values()) == 1
    assert values(PollKind.DOTS, Ballot(dots={A: 1}), Ballot(dots={A: 1}))[A] == 2


def test_scores_are_means_over_people_and_criteria():
    ballots = (
        Ballot(scores={"impact": {A: 5, B: 1}, "ease": {A: 1}}),
        Ballot(scores={"impact": {A: 3}, "ease": {A: 9}}),
    )
    first, *_ = tally(poll(PollKind.SCORES, *ballots, criteria=("impact", "ease"))).counts

    assert (first.option, first.value, dict(first.by_criterion)) == (A, 2.5, {"impact": 4.0, "ease": 1.0})
    assert first.each == (3.0, 3.0)


def test_a_low_score_is_not_the_same_as_none():
    ballots = (Ballot(scores={"": {A: 0}}), Ballot(scores={"": {B: 1}}))

    assert [count.voters for count in tally(poll(PollKind.SCORES, *ballots)).counts] == [1, 1, 0, 0]


def test_a_ranked_poll_goes_round_by_round_until_one_leads_more_than_half():
    ballots = [*[Ballot(ranking=(A, B))] * 4, *[Ballot(ranking=(B, A))] * 3, *[Ballot(ranking=(C, B))] * 2]

    result = tally(poll(PollKind.RANKED, *ballots))

    assert [dict(each) for each in result.rounds] == [
        {A: 4, B: 3, C: 2, D: 0},
        {A: 4, B: 3, C: 2},
        {A: 4, B: 5},
    ]
    assert result.winners == (B,)
    assert [count.option for count in result.counts] == [B, A, C, D]


def test_options_of_a_ranked_poll_between_which_no_ballot_decides_are_level():
    ballots = (Ballot(ranking=(B, C)), Ballot(ranking=(C, D)), Ballot(ranking=(D, B)))

    assert tally(poll(PollKind.RANKED, *ballots)).winners == (B, C, D)
    assert tally(poll(PollKind.RANKED, Ballot(ranking=(A,)), Ballot(ranking=(B,)))).winners == (A, B)
    assert tally(poll(PollKind.RANKED, *ballots, Ballot(ranking=(A, D)))).winners == (A, B, C, D)


def test_a_proposal_without_objection_is_carried_and_dissent_is_kept():
    concern = Ballot(position="concern", reason="The budget is thin.", voter="Bo")
    result = tally(poll(PollKind.CONSENT, Ballot(position="consent"), concern))

    assert result.is_carried
    assert result.dissent == (concern,)
    assert not tally(poll(PollKind.CONSENT, Ballot(position="consent"), Ballot(position="objection"))).is_carried


def test_stances_need_more_who_agree_and_nobody_who_blocks():
    def carried(*positions: str) -> bool:
        return tally(poll(PollKind.STANCE, *(Ballot(position=each) for each in positions))).is_carried

    assert carried("agree", "agree", "disagree", "abstain")
    assert not carried("agree", "disagree")
    assert not carried("agree", "agree", "block")
    assert not carried("abstain")


def test_who_abstains_is_no_dissenter_unless_they_say_why():
    silent, said, against = (
        Ballot(position="abstain", voter="Bo"),
        Ballot(position="abstain", reason="not my garden", voter="Cy"),
        Ballot(position="disagree", reason="water", voter="Dee"),
    )
    result = tally(poll(PollKind.STANCE, Ballot(position="agree"), silent, said, against))
    assert {ballot.voter for ballot in result.dissent} == {"Cy", "Dee"}
    assert dict(result.positions)["abstain"] == 2


def test_spread_is_none_for_one_mind_and_whole_for_two_halves():
    def spread(*dots: int) -> float:
        return next(
            count.spread
            for count in tally(poll(PollKind.DOTS, *(Ballot(dots={A: each}) for each in dots))).counts
            if count.option == A
        )

    assert spread(2, 2, 2) == 0
    assert spread(0, 3, 0, 3) == 1


def test_who_gives_opposite_scores_is_far_apart_though_their_means_are_the_same():
    one, other = ({"good": {A: 5}, "easy": {A: 0}}, {"good": {A: 0}, "easy": {A: 5}})
    asked = poll(PollKind.SCORES, Ballot(scores=one), Ballot(scores=other), criteria=("good", "easy"))
    (found,) = [count for count in tally(asked).counts if count.option == A]
    assert (found.each, found.spread) == ((2.5, 2.5), 1)


@pytest.mark.parametrize("kind", PollKind)
@pytest.mark.parametrize("seed", seeds(8))
def test_a_tally_does_not_depend_on_the_order_of_ballots(kind, seed):
    chance = Random(seed)
    ballots = [
        Ballot(
            dots={id: chance.randrange(-2, 6) for id in chance.sample([A, B, C, D, "note:x"], 3)},
            scores={"": {id: chance.randrange(-1, 8) for id in chance.sample([A, B, C, D], 2)}},
            ranking=tuple(chance.sample([A, B, C, D], chance.randrange(5))),
            position=chance.choice(["consent", "objection", "agree", "disagree", "block", "?"]),
            voter=chance.choice(["", "", "Ada", "Bo"]),
        )
        for _ in range(4)
    ]
    results = {repr(tally(poll(kind, *each))) for each in permutations(ballots)}

    assert len(results) == 1, f"seed {seed}"


def test_what_somebody_sends_that_is_no_ballot_counts_as_an_empty_one():
    for wrong in (None, 5, [], {"dots": 5, "scores": [1], "ranking": "ab", "position": 3}, {"dots": {"a": "x"}}):
        assert tally(poll(PollKind.DOTS, Ballot.of_json(wrong))).winners == ()


def test_more_options_bring_more_dots():
    assert [suggested_budget(number) for number in (0, 1, 4, 10, 30)] == [1, 2, 3, 5, 7]


def test_options_with_the_same_mean_are_level_whatever_thirds_it_is_made_of():
    given = (
        {"a": {"x": 2, "y": 4}, "b": {"y": 3}, "c": {"x": 4, "y": 1}},
        {"a": {"x": 3, "y": 3}, "b": {"x": 4, "y": 1}, "c": {"x": 0, "y": 5}},
        {"a": {"x": 5, "y": 4}, "b": {"y": 4}, "c": {"x": 2}},
    )
    options = (Option("x", "X"), Option("y", "Y"))
    ballots = tuple(Ballot(scores=scores) for scores in given)
    poll = Poll("poll:1", PollKind.SCORES, "?", options, criteria=("a", "b", "c"), is_closed=True, ballots=ballots)

    assert tally(poll).winners == ("x", "y")  # 28/9 each
