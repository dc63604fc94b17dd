"""What was decided at the places of a transcript where a question is talked about.

Pure; in steps, between which the model says how likely the question is after each place.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from cowrite.assist.decisions.candidates import candidates_of
from cowrite.assist.decisions.groups import grouped
from cowrite.assist.decisions.minutes import reported
from cowrite.assist.decisions.places import Place, chances, shared_out
from cowrite.assist.decisions.shown import BEFORE_THAT, found_decision
from cowrite.assist.decisions.telling import told
from cowrite.assist.decisions.wording import wording
from cowrite.assist.decisions.work import REACH, Work
from cowrite.assist.requests import Model
from cowrite.assist.tasks.jobs import Answer, Progress, Step
from cowrite.assist.text.decision_words import is_firm, standing
from cowrite.assist.text.evidence import BROAD, WIDE
from cowrite.assist.text.transcripts import Said
from cowrite.core.decisions.found import FoundDecision, Standing

BEFORE, BEHIND, MOSTLY = 20.0, 120.0, 60.0
"""Words before and behind its middle from which a place is quoted, and where most of them: when people begin to talk
of something they name it, and later they point to it."""
READ_BEFORE, READ_BEHIND = 60.0, 130.0  # words around its middle that a model reads to say what was decided at a place
SPACED = 15.0  # words from one quote of a place to the next, where there are so many
MOST_PLACES = 8  # where the topic is talked about
BEST_TURNS = 3  # that come into question beside them
LEAST_RATE = 0.2  # of the best place's: below, a place has nothing to do with the question
LONG = 600  # words: from here on a place is more than sentences that have the question's words or then decide
TELLING = 5  # sentences of a place, of which one that decides in so many words tells how far things are
MOST_SENTENCE_WORDS = 35  # of one that is reported rather than a longer one
SPOKEN_WORDS = 30  # of a place are reported
"""With what was talked about and how it ended it makes some 55 words: QMSum's human answers have 62 at the median."""


def at_places(work: Work, model: Model) -> Generator[Step, Answer, list[FoundDecision]]:
    """What was decided, or is open still, at the likeliest places, the best first.

    Args:
        work: the text, and what is asked of it.
        model: which judges the places, unless it runs where nobody tells how likely a text is, and says what was
            decided there, if it knows conversations.
    """
    evidence = work.evidence
    weights = evidence.widened(work.weights)
    rates = evidence.rated(weights)
    found = _middles(work, weights, rates)
    around = [evidence.around(index, REACH, REACH) for index in found]
    judged = [0.0] * len(found) if model.place else (yield from work.judge(around, "Reading part"))
    topic, part = _shares(evidence.rated(weights, WIDE)), _shares(evidence.rated(weights, BROAD))
    places = [
        Place(index, evidence.at[index], topic[index], part[index], work.asked(index), value, work.said_by_named(index))
        for index, value in zip(found, judged, strict=True)
    ]
    likely = sorted(zip(chances(places), places, strict=True), key=lambda each: -each[0])
    back = yield from _overtaken(work)
    counts = shared_out([place for _, place in likely], [chance for chance, _ in likely])
    chosen = [(place.index, count) for (_, place), count in zip(likely, counts, strict=True) if count]
    shown = [_at_place(work, weights, index, count, back) for index, count in chosen]
    if not shown or any(BEFORE_THAT in each.text for each in shown):
        return shown
    yield Progress(len(found), len(found) + 1, "Writing")
    text = yield from told(work, model, [evidence.around(index, READ_BEFORE, READ_BEHIND) for index, _ in chosen])
    return [_as_one(text, shown)] if text else shown


def _as_one(text: str, shown: Sequence[FoundDecision]) -> FoundDecision:
    """An answer with what shows it; how far things are, whose it is and until when is what the likeliest place says."""
    return replace(shown[0], text=text, quotes=tuple(dict.fromkeys(quote for each in shown for quote in each.quotes)))


def _shares(rates: Sequence[float]) -> list[float]:
    """Rates as shares of the highest."""
    most = max(rates, default=0.0) or 1.0
    return [rate / most for rate in rates]


def _middles(work: Work, weights: dict[str, float], rates: Sequence[float]) -> list[int]:
    """The middles of the places that come into question: where most is talked of the topic, the best first, then the
    turns that rank highest for the whole question, unless they lie in one of these."""
    at = work.evidence.at
    found = work.evidence.places(rates, MOST_PLACES)
    found = [index for index in found if rates[index] >= LEAST_RATE * rates[found[0]]]
    for turn in [*work.by_turn][:BEST_TURNS] if found else []:
        sentences = [index for index, one in enumerate(work.said) if one.turn == turn]
        middle = max(sentences, key=lambda index: work.own(index, weights))
        if all(abs(at[middle] - at[other]) > REACH for other in found):
            found.append(middle)
    return found


def _overtaken(work: Work) -> Generator[Step, Answer, dict[int, int]]:
    """The sentences in which something was decided that was taken back later, each with what came in its place; one of
    the two says so in so many words."""
    candidates = yield from candidates_of(work)
    sure = {each.index for each in candidates if each.is_sure}
    pairs = ((group.earlier, group.first.index) for group in grouped(work.said, candidates))
    back = {earlier: later for earlier, later in pairs if earlier is not None and not sure.isdisjoint((earlier, later))}
    for earlier, later in back.items():
        while later in back:
            later = back[later]
        back[earlier] = later
    return back


def _at_place(work: Work, weights: dict[str, float], place: int, count: int, back: Mapping[int, int]) -> FoundDecision:
    chosen = _chosen(work, weights, place)
    earlier = next((index for index in chosen[:TELLING] if index in back), None)
    if earlier is not None:  # what holds first, then what was taken back for it
        both = (back[earlier], earlier)
        chosen = [*both, *(index for index in chosen if index not in both and index not in back)]
    ended = Standing.DECIDED if earlier is not None else _status(work, chosen)
    spoken = [work.said[index] for index in sorted(_spoken(work, [index for index in chosen if index != earlier]))]
    text = wording(work.question, spoken, ended)
    if earlier is not None:
        text = f"{text} {BEFORE_THAT} {reported(work.said[earlier].speaker, work.said[earlier].plain)}"
    shown = chosen if earlier is not None else _spaced(work, chosen)
    quotes = sorted(shown[: max(count, 2 * (earlier is not None))])
    return found_decision(work, text, ended or Standing.OPEN, [index for index in quotes if index != earlier], quotes)


def _spaced(work: Work, chosen: Sequence[int]) -> list[int]:
    """The sentences of a place, each in the same words once, those first that lie apart: where one is off the point,
    those beside it are too."""
    at = work.evidence.at
    first = {work.said[index].plain.casefold(): index for index in reversed(chosen)}
    chosen = [index for index in chosen if first[work.said[index].plain.casefold()] == index]
    found: list[int] = []
    for index in chosen:
        if all(abs(at[index] - at[other]) >= SPACED for other in found):
            found.append(index)
    return found + [index for index in chosen if index not in found]


def _status(work: Work, chosen: Sequence[int]) -> Standing | None:
    """How far things are at a place: what is decided in so many words counts, else what is said last of the most
    telling sentences, else the next telling one; None where nobody says."""
    telling = sorted(chosen[:TELLING], reverse=True)
    if any(is_firm(work.said[index].plain) for index in telling):
        return Standing.DECIDED
    found = (standing(work.said[index].plain) for index in (*telling, *chosen[TELLING:]))
    return next((each for each in found if each is not None), None)


def _chosen(work: Work, weights: dict[str, float], place: int) -> list[int]:
    """The sentences of a place, the most telling first; those of whom the question names before others'."""
    evidence = work.evidence
    around = evidence.around(place, BEFORE, BEHIND)
    others = around if evidence.length >= LONG else _settling(work, weights, around)
    middle = evidence.at[place] + MOSTLY
    rated: list[tuple[float, int]] = []
    for index in around:
        one = work.said[index]
        own = work.own(index, weights)
        if one.length > 2 and (own or index in others):
            distance = abs(evidence.at[index] - middle) / (BEFORE + BEHIND)
            asked = float(one.speaker in work.named)
            rated.append((own + asked + min(one.length, 15) / 15 - 2 * distance, index))
    return [index for _, index in sorted(rated, key=lambda each: (-each[0], each[1]))]


def _settling(work: Work, weights: dict[str, float], around: Sequence[int]) -> set[int]:
    """Of the sentences of a place those that decide without the question's words: after one that has them and tells
    nothing yet, as people name once what they talk of, and before something else is asked."""
    found: set[int] = set()
    is_asked = False
    for index in around:
        one = work.said[index]
        asks, how = one.plain.endswith("?"), standing(one.plain)
        if work.own(index, weights):
            is_asked = asks or how in (None, Standing.LEANING)
        elif asks and one.length > 2:
            is_asked = False
        elif is_asked and how is Standing.DECIDED:
            found.add(index)
    return found


def _spoken(work: Work, chosen: Sequence[int]) -> list[int]:
    """Of the sentences of a place the most telling ones, as many as are reported. Where there are enough others, those
    are left out that others say than whom the question names, in which somebody rambles, or asks."""
    taken: list[int] = []
    count = 0
    for index in sorted(chosen, key=lambda index: _last(work, work.said[index])):
        if count < SPOKEN_WORDS:
            taken.append(index)
            count += work.said[index].length
    return taken


def _last(work: Work, one: Said) -> tuple[bool, ...]:
    """What has a sentence reported after others, what weighs most first."""
    is_of_other = bool(work.named) and one.speaker not in work.named
    return is_of_other, one.length > MOST_SENTENCE_WORDS, one.plain.endswith("?")
