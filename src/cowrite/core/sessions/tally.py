"""Tally: what ballots come to. Pure, so that every replica that has the same ballots has the same result.

The rules, which the app shows beside each result; those for ballots that break one, only where there was such a
ballot:

- A voter's name counts once: of two ballots under one name the one that sorts last as JSON counts. Nameless ones all
  count.
- Dots: what is less than one, and options that are not asked about, do not count. No option gets more than `most`. A
  ballot over the budget loses dots one by one, each from the option that has the most, of equals the one that is
  listed last, until it is within it.
- Scores: what is not a whole number from 0 to 5 does not count; the mean of what was given counts. Criteria weigh
  alike.
- Ranked: instant runoff. In each round the option that leads the fewest ballots goes, of equals the one that led fewer
  in the round before, and so on back; of still equals the one that is listed last. An option that leads more than half
  of the ballots that still name one wins; where all that are left have led equally in every round, they are level.
- A proposal: carried where somebody is for it and nobody used the last of its positions (objection, block); of
  stances, where also more agree than disagree.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import fmean, pstdev

from cowrite.core.sessions.polls import ABSTAIN, HIGHEST_SCORE, POSITIONS, Ballot, Poll, PollKind


@dataclass(frozen=True, slots=True)
class Count:
    """What one option got.

    Attributes:
        option: its id.
        value: dots; the mean score over criteria; or the ballots that lead with it in the last round that it is in.
        voters: how many gave it anything.
        spread: how far apart people are, 0 for one mind to 1 for two opposite halves; the mean over criteria.
        each: what each ballot gave it, in the order of the ballots: dots, the mean of the scores, or its place from 1;
            None for nothing.
        by_criterion: the mean for each criterion.
    """

    option: str
    value: float
    voters: int
    spread: float
    each: tuple[float | None, ...] = ()
    by_criterion: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of a poll.

    Attributes:
        counts: for each option, the first in rank first.
        ballots: how many counted.
        counted: those that did, in the order of `Count.each`.
        winners: ids of the options at the top; several where they are equal; none without ballots.
        rounds: of a ranked poll, for each round how many ballots each option still in it leads.
        positions: of a proposal, how many took each position, in their order.
        is_carried: of a proposal, whether it stands.
        dissent: of a proposal, the ballots of those who did not take the first position; who only left it to the others
            is no dissenter, unless they say why.
        cut: of dots, how many ballots had more than are counted.
    """

    counts: tuple[Count, ...] = ()
    ballots: int = 0
    winners: tuple[str, ...] = ()
    rounds: tuple[Mapping[str, int], ...] = ()
    positions: tuple[tuple[str, int], ...] = ()
    is_carried: bool = False
    dissent: tuple[Ballot, ...] = ()
    counted: tuple[Ballot, ...] = ()
    cut: int = 0


def tally(poll: Poll) -> Tally:
    """Counts the ballots of a poll by the rules above."""
    ballots = _one_each(poll.ballots)
    match poll.kind:
        case PollKind.DOTS:
            fitted = [fitted_dots(poll, ballot) for ballot in ballots]
            given = [_sensible_dots(poll, ballot) for ballot in ballots]
            cut = sum(sum(few.values()) < sum(many.values()) for few, many in zip(fitted, given, strict=True))
            result = replace(_tally_dots(poll, fitted, poll.most or 1), cut=cut)
        case PollKind.SCORES:
            result = _tally_scores(poll, ballots)
        case PollKind.RANKED:
            result = _tally_ranked(poll, ballots)
        case _:
            result = _tally_positions(poll, ballots)
    return replace(result, counted=tuple(ballots))


def fitted_dots(poll: Poll, ballot: Ballot) -> dict[str, int]:
    """The dots of a ballot that count, by option id; see the rules above."""
    places = {option.id: place for place, option in enumerate(poll.options)}
    dots = {id: min(count, poll.most) for id, count in _sensible_dots(poll, ballot).items()}
    if sum(dots.values()) > poll.budget:
        level = _level(dots.values(), poll.budget)
        dots = {id: min(count, level) for id, count in dots.items()}
        full = sorted((id for id, count in dots.items() if count == level), key=places.__getitem__)
        for id in full[len(full) - (sum(dots.values()) - poll.budget) :]:
            dots[id] -= 1
    return {id: count for id, count in dots.items() if count > 0}


def _sensible_dots(poll: Poll, ballot: Ballot) -> dict[str, int]:
    """The dots of a ballot that are any, on what is asked about."""
    asked = {option.id for option in poll.options}
    return {id: count for id, count in ballot.dots.items() if id in asked and count > 0}


def _level(counts: Collection[int], budget: int) -> int:
    """The least height to which all counts can be cut so that they still reach a budget: a ballot may hold any number,
    and is not to be counted dot by dot."""
    low, high = 0, max(counts)
    while low < high:
        middle = (low + high) // 2
        if sum(min(count, middle) for count in counts) >= budget:
            high = middle
        else:
            low = middle + 1
    return low


def _one_each(ballots: Iterable[Ballot]) -> list[Ballot]:
    ordered = sorted(ballots, key=lambda ballot: json.dumps(ballot.to_json(), sort_keys=True))
    named = {ballot.voter: ballot for ballot in ordered if ballot.voter}
    return [ballot for ballot in ordered if not ballot.voter or named[ballot.voter] is ballot]


def _tally_dots(poll: Poll, given: list[dict[str, int]], highest: float) -> Tally:
    counts = []
    for option in poll.options:
        each = [float(dots.get(option.id, 0)) for dots in given]
        voters = sum(value > 0 for value in each)
        counts.append(Count(option.id, sum(each), voters, _spread(each, highest), tuple(each)))
    return _ranked_by_value(counts, len(given))


def _tally_scores(poll: Poll, ballots: list[Ballot]) -> Tally:
    criteria = poll.criteria or ("",)
    counts = []
    for option in poll.options:
        each: list[float | None] = []
        by_criterion: dict[str, list[int]] = {criterion: [] for criterion in criteria}
        for ballot in ballots:
            scores = {
                criterion: score
                for criterion in criteria
                if 0 <= (score := ballot.scores.get(criterion, {}).get(option.id, -1)) <= HIGHEST_SCORE
            }
            for criterion, score in scores.items():
                by_criterion[criterion].append(score)
            each.append(fmean(scores.values()) if scores else None)
        # Exact: two options that are level must not be told apart by the rounding of a third.
        means = {name: Fraction(sum(scores), len(scores)) for name, scores in by_criterion.items() if scores}
        given = sum(value is not None for value in each)
        value = float(sum(means.values()) / len(means)) if means else 0.0
        # Of each criterion by itself: who finds an idea good and hard is not of one mind with who finds it the reverse.
        spreads = [_spread(scores, HIGHEST_SCORE) for scores in by_criterion.values() if scores]
        spread = fmean(spreads) if spreads else 0.0
        by_name = tuple((name, float(mean)) for name, mean in means.items())
        counts.append(Count(option.id, value, given, spread, tuple(each), by_name))
    return _ranked_by_value(counts, len(ballots))


def _tally_ranked(poll: Poll, ballots: list[Ballot]) -> Tally:
    places = {option.id: place for place, option in enumerate(poll.options)}
    rankings = [[id for id in dict.fromkeys(ballot.ranking) if id in places] for ballot in ballots]
    ranks = [{id: place for place, id in enumerate(ranking, 1)} for ranking in rankings]
    rounds, gone = _runoff(rankings, places)
    last = rounds[-1] if rounds else {}
    order = [*sorted(last, key=lambda id: (-last[id], places[id])), *reversed(gone)]
    came_to = {id: count for leads in rounds for id, count in leads.items()}
    counts = []
    for id in order:
        each = tuple(float(given[id]) if id in given else None for given in ranks)
        filled = [len(places) + 1.0 if place is None else place for place in each]
        value = came_to.get(id, 0)
        voters = sum(place is not None for place in each)
        counts.append(Count(id, value, voters, _spread(filled, max(1, len(places))), each))
    top = max(last.values(), default=0)
    winners = tuple(id for id, leads in last.items() if leads == top) if top else ()
    return Tally(tuple(counts), len(ballots), winners, tuple(rounds))


def _runoff(rankings: Sequence[Sequence[str]], places: Mapping[str, int]) -> tuple[list[dict[str, int]], list[str]]:
    """How many ballots each option led in each round, and the options that went, in the order in which they did.

    Args:
        rankings: the options that each ballot names, the best first.
        places: where each option is listed.
    """
    left = set(places)
    before = dict.fromkeys(places, 0)  # how options stand by the rounds until now, the newest first
    rounds: list[dict[str, int]] = []
    gone: list[str] = []
    while left:
        leads = dict.fromkeys(sorted(left, key=places.__getitem__), 0)
        for ranking in rankings:
            first = next((id for id in ranking if id in left), None)
            if first is not None:
                leads[first] += 1
        rounds.append(leads)
        if len(left) == 1 or max(leads.values()) * 2 > sum(leads.values()):
            break
        led = {id: (leads[id], before[id]) for id in left}
        kinds = {each: place for place, each in enumerate(sorted(set(led.values())))}
        if len(kinds) == 1:
            break
        before = {id: kinds[led[id]] for id in left}
        weakest = min(left, key=lambda id: (before[id], -places[id]))
        left.remove(weakest)
        gone.append(weakest)
    return rounds, gone


def _tally_positions(poll: Poll, ballots: list[Ballot]) -> Tally:
    known = POSITIONS[poll.kind]
    said = [ballot for ballot in ballots if ballot.position in known]
    positions = {position: sum(ballot.position == position for ballot in said) for position in known}
    carried = positions[known[0]] > 0 and positions[known[-1]] == 0
    if poll.kind is PollKind.STANCE:
        carried = carried and positions["agree"] > positions["disagree"]
    others = (ballot for ballot in said if ballot.position != known[0])
    dissent = tuple(ballot for ballot in others if ballot.position != ABSTAIN or ballot.reason)
    winners = tuple(option.id for option in poll.options[:1]) if carried else ()
    return Tally((), len(said), winners, (), tuple(positions.items()), carried, dissent)


def _ranked_by_value(counts: list[Count], ballots: int) -> Tally:
    ordered = sorted(counts, key=lambda count: -count.value)  # stable: of equals the one that is listed first
    top = ordered[0].value if ordered else 0
    winners = tuple(count.option for count in ordered if count.value == top) if top > 0 else ()
    return Tally(tuple(ordered), ballots, winners)


def _spread(values: Iterable[float], highest: float) -> float:
    """The standard deviation as a share of the largest that it can be."""
    given = list(values)
    return 2 * pstdev(given) / highest if given and highest else 0.0
