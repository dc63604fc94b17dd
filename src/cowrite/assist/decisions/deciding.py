"""What was decided: decisions of a draft or a transcript, each with the words that show it and where they stand.

Runs anywhere. A small model is not trusted with words of its own. Without a question, sentences are found in which
people decide, lean or leave open, and the model judges which of the doubtful ones to drop. With a question, the places
are found where it is talked about, and how likely the model finds the question after each helps to choose among them.
A model that converses reads the text in pieces and names decisions with quotes. Either way a decision is shown only
with words that stand in the text, and where there are none the list is empty.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass

from cowrite.assist.decisions.addressing import people_in
from cowrite.assist.decisions.agreeing import closes_question, is_meant, is_taken_up, lets_it_hold, takes_task
from cowrite.assist.decisions.claims import claimed_in
from cowrite.assist.decisions.dates import due_in
from cowrite.assist.decisions.following import following
from cowrite.assist.decisions.groups import Candidate, Group, agrees_after, grouped
from cowrite.assist.decisions.minutes import reported
from cowrite.assist.decisions.owners import is_of_another, owner_in
from cowrite.assist.decisions.past import is_of_then, telling_of_then
from cowrite.assist.decisions.places import Place, chances, shared_out
from cowrite.assist.decisions.wording import wording
from cowrite.assist.decisions.work import REACH, Work
from cowrite.assist.prompts.files import PromptFile
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model, Tier
from cowrite.assist.tasks.choosing import NOTHING
from cowrite.assist.tasks.jobs import Answer, Job, Step, one_by_one
from cowrite.assist.tasks.outcomes import DecisionSummary, Tally
from cowrite.assist.text.decision_words import (
    denies_all,
    is_assent,
    is_choice,
    is_closing,
    is_denial,
    is_firm,
    is_in_talk,
    is_joke,
    is_none,
    is_of_them,
    is_only_assent,
    is_yes_or_no,
    standing,
    standing_under,
    takes_back,
)
from cowrite.assist.text.evidence import BROAD, WIDE
from cowrite.assist.text.guards import Unusable
from cowrite.assist.text.sentences import has_words, is_heading
from cowrite.assist.text.transcripts import Said
from cowrite.assist.text.vote_words import is_only_result
from cowrite.core.decisions.found import FoundDecision, Standing

MAX_QUESTION = 500  # characters
NOTHING_DECIDED = "No decision was found in this text."
NOTHING_ABOUT_IT = "No decision about that was found in this text."
MOST_FOUND = 12  # decisions without a question
LOOKING = "Looking for decisions"
BEFORE_THAT = "Before that:"  # stands before what was taken back
BEFORE, BEHIND, MOSTLY = 20.0, 120.0, 60.0
"""Words before and behind its middle from which a place is quoted, and where most of them: when people begin to talk
of something they name it, and later they point to it."""
SPACED = 15.0  # words from one quote of a place to the next, where there are so many
ASKED = 5  # sentences from a question to "Monday then"
JOKED = 2  # sentences from what is not meant to "I was joking"
CLOSED = 8.0  # how much speaks for a decision that somebody agreed to so
BESIDE = 25.0  # words to either side of a sentence that decides
MOST_PLACES = 8  # where the topic is talked about
BEST_TURNS = 3  # that come into question beside them
LEAST_RATE = 0.2  # of the best place's: below, a place has nothing to do with the question
LONG = 600  # words: from here on a place is more than sentences that have the question's words or then decide
TELLING = 5  # sentences of a place, of which one that decides in so many words tells how far things are
MOST_SENTENCE_WORDS = 35  # of one that is reported rather than a longer one
SPOKEN_WORDS = 25  # of a place are reported
"""With what was talked about and how it ended it makes some 50 words: QMSum's human answers have 58 at the median."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """A search for decisions.

    Attributes:
        file: the task.
        text: a draft or a transcript.
        question: what narrows it; empty for all decisions.
        seed: for the draw.
    """

    file: PromptFile
    text: str
    question: str = ""
    seed: int = 0


def decide(model: Model, card: StyleCard, task: Deciding) -> Job[DecisionSummary]:
    """The decisions of a text, with a question the best first, else in their order.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: there are no words to work on.
    """
    template = task.file.template(model.tier)
    if not has_words(task.text):
        raise Unusable("There are no words to work on.")
    tally = Tally()
    question = " ".join(task.question.split())[:MAX_QUESTION]
    work = yield from Work.of(task.text, template, tally, question, card.for_tier(model.tier))
    if model.tier is not Tier.SMALL:
        found = yield from claimed_in(model, card, task.file, task.text, question, task.seed, tally)
    elif work.weights and work.is_transcript:
        found = yield from _places(work)
    else:
        found = yield from _sentences(work)
    shown = tuple(each for each in found if each.quotes)
    return DecisionSummary(shown, tally.made(template.name, task.file.act, task.seed))


# With a question, in a transcript: places


def _places(work: Work) -> Generator[Step, Answer, list[FoundDecision]]:
    evidence = work.evidence
    weights = evidence.widened(work.weights)
    rates = evidence.rated(weights)
    found = _middles(work, weights, rates)
    judged = yield from work.judge([evidence.around(index, REACH, REACH) for index in found], "Reading part")
    topic, part = _shares(evidence.rated(weights, WIDE)), _shares(evidence.rated(weights, BROAD))
    places = [
        Place(index, evidence.at[index], topic[index], part[index], work.asked(index), value, work.said_by_named(index))
        for index, value in zip(found, judged, strict=True)
    ]
    likely = sorted(zip(chances(places), places, strict=True), key=lambda each: -each[0])
    back = yield from _overtaken(work)
    counts = shared_out([place for _, place in likely], [chance for chance, _ in likely])
    return [
        _at_place(work, weights, place.index, count, back)
        for (_, place), count in zip(likely, counts, strict=True)
        if count
    ]


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
    candidates = yield from _candidates_of(work)
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
    status = Standing.DECIDED if earlier is not None else _status(work, chosen)
    spoken = [work.said[index] for index in sorted(_spoken(work, [index for index in chosen if index != earlier]))]
    text = wording(work.question, spoken, status)
    if earlier is not None:
        text = f"{text} {BEFORE_THAT} {reported(work.said[earlier].speaker, work.said[earlier].plain)}"
    shown = chosen if earlier is not None else _spaced(work, chosen)
    quotes = sorted(shown[: max(count, 2 * (earlier is not None))])
    return _decision(work, text, status, [index for index in quotes if index != earlier], quotes)


def _spaced(work: Work, chosen: Sequence[int]) -> list[int]:
    """The sentences of a place, those first that lie apart: where one is off the point, those beside it are too."""
    at = work.evidence.at
    found: list[int] = []
    for index in chosen:
        if all(abs(at[index] - at[other]) >= SPACED for other in found):
            found.append(index)
    return found + [index for index in chosen if index not in found]


def _status(work: Work, chosen: Sequence[int]) -> Standing:
    """How far things are at a place: what is decided in so many words counts, else what is said last of the most
    telling sentences, else the next telling one."""
    telling = sorted(chosen[:TELLING], reverse=True)
    if any(is_firm(work.said[index].plain) for index in telling):
        return Standing.DECIDED
    found = (standing(work.said[index].plain) for index in (*telling, *chosen[TELLING:]))
    return next((each for each in found if each is not None), Standing.OPEN)


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
    """Of the sentences of a place the most telling ones, as many as are reported; those in which somebody rambles
    only where there is nothing else."""
    taken: list[int] = []
    count = 0
    for index in sorted(chosen, key=lambda index: work.said[index].length > MOST_SENTENCE_WORDS):
        if count < SPOKEN_WORDS:
            taken.append(index)
            count += work.said[index].length
    return taken


# All decisions of a text, or those that have the words of a question: sentences


def _sentences(work: Work) -> Generator[Step, Answer, list[FoundDecision]]:
    weights = work.evidence.widened(work.weights)
    telling = telling_of_then(work.said)
    candidates = yield from _candidates_of(work)
    candidates = [each for each in candidates if work.said[each.index].speaker not in telling]
    if work.weights:
        groups = [group for group in grouped(work.said, candidates) if _is_asked_for(work, weights, group)]
        candidates = [each for each in candidates if any(each.index in group.all for group in groups)]
    doubtful = _strongest([each for each in candidates if not each.is_sure])
    parts = [work.evidence.around(each.index, BESIDE, BESIDE) for each in doubtful]
    nothing = (yield from work.likelihood(NOTHING)) if doubtful else 0.0
    values = yield from work.judge(parts, "Judging sentence")
    kept = [each for each, value in zip(doubtful, values, strict=True) if value > nothing]
    shown = _strongest([each for each in candidates if each.is_sure] + kept)
    return [_together(work, group) for group in grouped(work.said, shown)]


def _together(work: Work, group: Group) -> FoundDecision:
    told = {index: reported(work.said[index].speaker, work.said[index].plain) for index in group.quotes}
    parts = [told[group.asked]] if group.asked is not None else []
    parts.append(told[group.first.index])
    if group.earlier is not None:
        parts.append(f"{BEFORE_THAT} {told[group.earlier]}")
    own = [index for index in group.quotes if index not in (group.asked, group.earlier)]
    return _decision(work, " ".join(parts), group.first.status, own, group.quotes)


def _strongest(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: (-each.strength, each.index))[:MOST_FOUND]


def _candidates_of(work: Work) -> Generator[Step, Answer, list[Candidate]]:
    headed, people = _standings_by_heading(work), people_in(work.said)
    found = yield from one_by_one(
        lambda index: _candidate(work, index, headed[index], people), range(len(headed)), LOOKING
    )
    return [each for each in found if each is not None]


def _candidate(work: Work, index: int, headed: Standing | None, people: Collection[str]) -> Candidate | None:
    one = work.said[index]
    if headed is None and one.speaker and is_of_then(one.plain):
        return None
    if closes_question(work.said, index) or takes_task(work.said, index, people):
        return Candidate(index, Standing.DECIDED, is_sure=True, strength=CLOSED)
    status = standing(one.plain)
    only_back = status is None and takes_back(one.plain) and not is_closing(one.plain)  # "Agreed, changed it."
    is_called = lets_it_hold(work.said, index) or is_taken_up(work.said, index)
    is_headed = False
    if status is None:
        status = headed
        is_headed = status is not None
        is_called = is_called or status is Standing.DECIDED
    if (status is None and not (only_back or is_called)) or _tells_none(work, index):
        return None
    after = [other for other in work.said[index + 1 : index + 4] if other.speaker != one.speaker]
    is_closed = is_called or (status is Standing.LEANING and any(is_closing(other.plain) for other in after[:1]))
    status = Standing.DECIDED if is_closed or status is None else _standing_after(work, index, status, after)
    is_sure = is_closed or is_headed or (status is Standing.DECIDED and is_firm(one.plain))
    assents = sum(is_assent(other.plain) for other in after)
    telling = min(4, len(work.evidence.terms[index]))
    strength = 4.0 * is_sure + 2.0 * (status is Standing.DECIDED) + min(2, assents) + telling / 2
    return Candidate(index, status, is_sure, strength, only_back)


def _standings_by_heading(work: Work) -> list[Standing | None]:
    """How each sentence stands that does not say so itself, by what it stands under; None where that says nothing."""
    under: list[Standing | None] = []
    for index, one in enumerate(work.said):
        how = standing_under(one.heading)
        under.append(under[-1] if how is None and under and _is_item(work, index) else how)
    return [None if one.length < 3 or is_none(one.plain) else how for one, how in zip(work.said, under, strict=True)]


def _is_item(work: Work, index: int) -> bool:
    """Whether a line without a full stop goes on with a list, of which each line may head the next by its look; what
    prose follows is a heading."""
    one, behind = work.said[index], work.said[index + 1 : index + 2]
    above = work.said[index - 1] if index else one
    is_below = one.heading == above.piece.text and above.length > 2 and not one.heading.startswith("#")
    is_list = is_below and is_heading(one.piece.text)
    return is_list and not any(each.heading == one.piece.text and not is_heading(each.piece.text) for each in behind)


def _tells_none(work: Work, index: int) -> bool:
    """Whether a sentence can tell no decision of those who talk: it says too little, or only reacts to another one."""
    one = work.said[index]
    is_labelled = ": " in one.plain and standing(one.plain) is Standing.OPEN  # "Holidays: open"
    is_answer = standing(one.plain) is Standing.DECIDED and any(
        other.plain.endswith("?") for other in work.said[max(0, index - ASKED) : index]
    )
    is_short = (one.length < 3 and not (is_labelled or is_answer)) or not work.evidence.terms[index]
    if is_short and not is_only_result(one.plain):
        return True
    if any(is_joke(other.plain) for other in work.said[index : index + 1 + JOKED]) and not is_firm(one.plain):
        return True
    is_loose = standing(one.plain) is Standing.DECIDED and is_in_talk(one.plain) and not one.plain.endswith("?")
    if is_loose and not is_meant(work.said, index):
        return True
    return denies_all(one.plain) or is_only_assent(one.plain) or (bool(one.speaker) and is_of_them(one.plain))


def _standing_after(work: Work, index: int, status: Standing, after: Sequence[Said]) -> Standing:
    """How a sentence stands by what others say right after it, where it stands so by itself."""
    one = work.said[index]
    if status is Standing.DECIDED:
        is_doubted = one.plain.endswith("?") and not agrees_after(work.said, index)
        # "We are not going to sell, right?"; "We agreed to sell." "No, we didn't."
        return Standing.OPEN if is_doubted or any(is_denial(other.plain) for other in after[:1]) else status
    if status is Standing.OPEN and is_yes_or_no(one.plain) and agrees_after(work.said, index):
        agreeing = {other.speaker for other in after if is_assent(other.plain)}
        return Standing.DECIDED if len(agreeing) > 1 and not is_choice(one.plain) else Standing.LEANING
    return status


def _is_asked_for(work: Work, weights: dict[str, float], group: Group) -> bool:
    """Whether a decision has what the question looks for, or the sentence before it in its paragraph has."""
    return any(
        work.own(each, weights) > 0.0
        for index in group.all
        for each in (index, index - 1)
        if each >= 0 and work.said[each].turn == work.said[index].turn
    )


def _decision(
    work: Work, text: str, status: Standing, own: Sequence[int], quotes: Sequence[int] | None = None
) -> FoundDecision:
    """A decision with what those sentences that tell it, and what is said right after them in the same turn, say of
    owner and date; but not what somebody else has to do until then."""
    people = people_in(work.said)
    near = [*own, *following(work, own, people)]
    spoken = [(work.said[index].speaker, work.said[index].plain) for index in near]
    return FoundDecision(
        text=text,
        status=status,
        owner=owner_in(spoken, people),
        due=due_in(sentence for _, sentence in spoken if not is_of_another(sentence)),
        quotes=tuple(work.quote(index) for index in quotes or own),
    )
