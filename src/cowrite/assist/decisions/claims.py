"""Decisions as a model that converses names them: read from its JSON, and taken only with words that stand in the text.

Runs anywhere. A long text is read in pieces; with a question, the passages that have to do with it come first, as many
as fit. Owner and date are those that the text gives by its form; else what the model gives counts where the quoted
words have it, or those right behind: small ones take whoever speaks for the owner.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cowrite.assist.decisions.minutes import reported
from cowrite.assist.decisions.shown import found_decision
from cowrite.assist.decisions.work import Work
from cowrite.assist.prompts.files import Division, PromptFile
from cowrite.assist.prompts.prompting import generation_of, tokens_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model
from cowrite.assist.tasks.dividing import divided
from cowrite.assist.tasks.jobs import Answer, Progress, Step, generate
from cowrite.assist.text.decision_words import standing
from cowrite.assist.text.evidence import telling
from cowrite.assist.text.facts import new_facts
from cowrite.assist.text.guards import Unusable
from cowrite.assist.text.languages import in_language_of, is_in_another
from cowrite.assist.text.meaning import turns_round
from cowrite.assist.text.quotes import MIN_WORDS, find_quote
from cowrite.assist.text.sentences import Piece, words
from cowrite.core.decisions.found import FoundDecision, Standing
from cowrite.core.text.quote import Quote

GRAMMAR = "decisions"
MOST_QUOTES = 3  # of one decision
PLACES = 8  # passages that are read for a question, where the text is too long for all
READING = 180.0  # seconds for all pieces
SLOW = (
    "The model is slow here and has read {read} of {all} parts. "
    "In the others only what the text says in so many words was found."
)
REACH = 150.0  # words of a passage to either side of where the question is talked about most
RETOLD = 0.6  # of the telling words of a sentence and of what retells it that are in both
RETOLD_WORDS = 3  # of them at least
_OBJECT = re.compile(r"\{[^{}]*\}")
_NONE = re.compile(r"\b(?:no|not|none|nothing|keine?|aucune?|ninguna?|nessuna?)\b", re.IGNORECASE)
UNREADABLE = "The model did not answer in the form that it was asked for; try again, or choose another model."
_LABEL = re.compile(r"^[^\W\d_][^:\n]{0,48}:\s+")


def claimed_in(
    model: Model, card: StyleCard, file: PromptFile, work: Work, text: str, seed: int
) -> Generator[Step, Answer, tuple[list[FoundDecision], tuple[str, ...]]]:
    """The decisions that a model finds, in the order in which it reads, each with at least one quote; and what a person
    should know of it.

    Args:
        model: which is asked.
        card: how the person writes.
        file: the task.
        work: the text as sentences, and what is asked of it.
        text: it.
        seed: for the draw.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: it names none in the form that it was asked for, and does not say that there is none.
    """
    template, question, tally = file.template(model.tier), work.question, work.tally
    pieces = divided(text, Division.WHOLE, model.context)
    if question and len(pieces) > 1:
        pieces = _about(work, text, model.context)
    found: list[FoundDecision] = []
    notes: tuple[str, ...] = ()
    is_read = False
    begun = tally.usage.seconds
    for number, piece in enumerate(pieces):
        if number and (tally.usage.seconds - begun) * (number + 1) / number > READING:
            notes = (SLOW.format(read=number, all=len(pieces)),)
            break
        doing = f"Reading part {number + 1} of {len(pieces)}" if len(pieces) > 1 else "Reading"
        yield Progress(number, len(pieces), doing, "\n".join(each.text for each in found))
        slots = {"text": piece.text, "question": question, "style": card.for_tier(model.tier)}
        slots["in_language"] = in_language_of(piece.text)
        step = generation_of(template, model, slots, given=piece.text, seed=seed, is_shown=False)
        if not model.place:  # an endpoint writes by no grammar of ours
            step = replace(step, grammar=GRAMMAR)
        completion = yield from generate(step)
        tally.add(completion)
        claims = _claims(completion.text)
        is_read = is_read or bool(claims) or not words(completion.text) or bool(_NONE.search(completion.text))
        for claim in claims:
            decision = _checked(claim, work, text, piece)
            if decision is not None and all(decision.quotes != other.quotes for other in found):
                found.append(decision)
    if not is_read:
        raise Unusable(UNREADABLE, "\n".join(tally.raw))
    return found, notes


def _about(work: Work, text: str, context: int) -> list[Piece]:
    """The passages of a long text that have to do with a question, the best first, each as a piece that fits."""
    some, evidence = work.said, work.evidence
    rates = evidence.rated(evidence.widened(work.weights))
    found: list[Piece] = []
    for place in evidence.places(rates, PLACES):
        around = evidence.around(place, REACH, REACH)
        start, end = some[around[0]].piece.start, some[around[-1]].piece.end
        start = text.rfind("\n", 0, start) + 1  # with the speaker's name
        if all(end <= other.start or start >= other.end for other in found):
            found.append(Piece(start, end, text[start:end]))
    most = int(context * 0.3)
    return [piece for piece in found if tokens_of(piece.text) <= most] or divided(text, Division.WHOLE, context)


def _claims(raw: str) -> Sequence[Mapping[str, Any]]:
    """The objects of a JSON list; of one that was cut short, or of none, those that are whole."""
    begin = raw.find("[")
    try:
        members = json.loads(raw[begin : raw.rfind("]") + 1]) if begin >= 0 else []
    except (ValueError, RecursionError):
        members = []
    found = [member for member in members if isinstance(member, dict)]
    return found or [member for match in _OBJECT.finditer(raw) if isinstance(member := _parsed(match.group()), dict)]


def _parsed(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _checked(claim: Mapping[str, Any], work: Work, text: str, piece: Piece) -> FoundDecision | None:
    """A decision as far as the text bears it; None where nothing of it stands there."""
    says = _words(claim, "decision")
    given = claim.get("quotes")
    quotes: list[Quote] = []
    for words_given in given if isinstance(given, list) else []:
        quote = _quote(text, str(words_given), piece) or _retold(work, str(words_given), piece)
        if quote is not None and quote not in quotes:
            quotes.append(quote)
    if not quotes or not words(says):
        return None
    try:
        status = Standing(_words(claim, "status").lower())
    except ValueError:
        status = Standing.OPEN
    own = work.indices(quotes)
    standings = {standing(work.said[index].plain) for index in own}
    if Standing.OPEN in standings and Standing.DECIDED not in standings:
        status = Standing.OPEN
    by_rule = found_decision(work, _told(says, work, own, piece.text), status, own)
    near = " ".join(_near(work, own))
    owner = by_rule.owner or _standing_there(_words(claim, "owner"), near)
    due = by_rule.due or _standing_there(_day(_words(claim, "due")), near)
    return replace(by_rule, owner=owner, due=due, quotes=tuple(quotes[:MOST_QUOTES]))


def _near(work: Work, own: Sequence[int]) -> list[str]:
    """Some sentences, and what is said in the same turn right behind each."""
    pairs = ((work.said[index], work.said[index : index + 2]) for index in own)
    return [other.plain for one, near in pairs for other in near if other.turn == one.turn]


def _told(says: str, work: Work, own: Sequence[int], read: str) -> str:
    """What a model says, or what was said as minutes have it where the model only says that again, makes a number or a
    name up, or falls into another language."""
    one = next((work.said[index] for index in own if work.said[index].length > 2), None)
    is_again = one is not None and one.speaker != "" and words(one.plain) == words(_LABEL.sub("", says))
    is_off = bool(new_facts(read, says)) or is_in_another(says, read)
    return reported(one.speaker, one.plain) if one and (is_again or is_off) else says


def _quote(text: str, claimed: str, piece: Piece) -> Quote | None:
    """The words of a text that a model claims to quote. It may have made a part of a sentence a whole one, with another
    first letter and an end of its own."""
    bare = _LABEL.sub("", claimed).strip()
    part = bare.rstrip(".!?,;")
    for claim in (bare, claimed, part, f"{part[:1].swapcase()}{part[1:]}"):
        quote = find_quote(text, claim, piece.start)
        if quote is not None and len(words(quote.text)) >= MIN_WORDS:
            return quote
    return None


def _retold(work: Work, claimed: str, piece: Piece) -> Quote | None:
    """The sentence of a piece that a model gives in words of its own where it claims to quote: "Tom will book it by
    Friday." for "Tom, will you book it by Friday?". None where none is like that, or two are."""
    wanted = set(telling(_LABEL.sub("", claimed)))
    rated: list[tuple[float, int]] = []
    for index, one in enumerate(work.said):
        if piece.start <= one.piece.start < piece.end and not turns_round(one.plain, claimed):
            own = set(telling(one.plain))
            shared = len(wanted & own)
            if shared >= RETOLD_WORDS and shared / len(wanted | own) >= RETOLD:
                rated.append((shared / len(wanted | own), index))
    best = sorted(rated, reverse=True)[:2]
    if not best or (len(best) == 2 and best[0][0] == best[1][0]) or new_facts(piece.text, claimed):
        return None
    return work.quote(best[0][1])


def _words(claim: Mapping[str, Any], name: str) -> str:
    value = claim.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _day(value: str) -> str:
    """A value that may tell a day: one small word does not."""
    return value if not value.islower() or len(words(value)) > 1 or any(map(str.isdigit, value)) else ""


def _standing_there(value: str, text: str) -> str:
    """A value where the text has it, else nothing."""
    return value if value and value.lower() in " ".join(text.split()).lower() else ""
