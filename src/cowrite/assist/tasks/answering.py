"""Ask about the draft: an answer, and the words of the draft that it rests on.

Runs anywhere. Where the draft is longer than the model's context, passages are looked up first. A small model only
judges which sentences answer the question, and says the answer in a few words; one that converses reads the passages
and quotes from them. Either way a quote is shown only where it stands word for word in the draft.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from cowrite.assist.prompts.files import PromptFile, Template
from cowrite.assist.prompts.prompting import generation_of, tokens_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Generation, Model, Sampling, Tier
from cowrite.assist.tasks.choosing import gains
from cowrite.assist.tasks.jobs import Answer, Job, Progress, Step, generate
from cowrite.assist.tasks.outcomes import Answered, Tally
from cowrite.assist.text.cleaning import cleaned, unmarked
from cowrite.assist.text.facts import new_facts
from cowrite.assist.text.guards import SMALL_NOTE, Unusable, is_refusal, overlap, telling_words
from cowrite.assist.text.languages import in_language_of, language_of
from cowrite.assist.text.quotes import verified
from cowrite.assist.text.retrieval import PassageIndex, passages_of
from cowrite.assist.text.sentences import Piece, has_words, sentences, words
from cowrite.core.text.quote import Quote

NOT_FOUND = "The model found nothing about it in the document."
MOST_SENTENCES = 16  # that a small model judges
MOST_QUOTES = 3
LEAST_QUOTED = 4  # words of what is taken for a quote without being called one
LEAST_GAIN = 6.0  # nats: below, a sentence does not answer the question
NEAR_BEST = 0.75  # of the best gain: such sentences are quoted too
SHARE = 0.6  # of the context for passages
MAX_QUESTION = 500  # characters
RETRY_TEMPERATURE = 0.5  # another seed has to answer otherwise
_REFERS = re.compile(r"(?:It|They|He|She|This|That|These|Those|Both|There)\b")
_HALVES = re.compile(
    r";|\s[–—]\s|,\s(?:and|but|while|whereas|then|although)\b|\s(?:and|but|while)\s(?=[A-Z])|,\s(?=[A-Z])"
)
_PARALLELS = re.compile(r"(?:,|\s(?:and|but|or))\s(?=(?:at|on|in|for|from|to|by|until|with|after|before|\d+)\b)")
"""Between parts that have one subject and verb: "It opens at nine on weekdays and at ten on Saturdays"."""
_POINTING = frozenset(
    "it this that these those they he she him her there then here so thus one both es das dies dafür dazu damit dabei "
    "daran darauf dann daher deshalb dort hier".split()
)
_ASKS_WHO = re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)
_LEAST_OF_HALF = 3  # telling words of a half that says something of its own
_QUOTE_LINE = re.compile(r"^\s*(?:[-*•>]|\d+[.)])?\s*\**[\"“„«](.+?)[\"”»]\s*[.,;]?\**\s*$")
_QUOTES_HEAD = re.compile(
    r"^[\s#*]*quotes?[ *]*:[\s*]*?$\n?|^\s*quotes?\s*:\s*"
    r"|^[\s#*]*[^\W\d_]+[ *]*[:：][\s*]*\n(?=\s*(?:[-*•>]|\d+[.)])?\s*\**[\"“„«])",  # the word in another language
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]+)[\"“”»]")
_NOT_THERE = re.compile(
    r"not in the (?:document|text)|(?:document|text) does not (?:say|mention|contain)|nicht im (?:dokument|text)\b|"
    r"pas dans le (?:document|texte)\b|no (?:está )?en el (?:documento|texto)\b|non (?:è )?nel (?:documento|testo)\b|"
    r"não (?:está )?no (?:documento|texto)\b|niet in het document\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about a document."""

    file: PromptFile
    text: str
    question: str
    seed: int = 0


def answer(model: Model, card: StyleCard, task: Asking) -> Job[Answered]:
    """The answer.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: there is no question, no text, or nothing that the model wrote is worth showing.
    """
    template = task.file.template(model.tier)
    question = _plain(task.question)
    if not words(question):
        raise Unusable("There is no question to answer.")
    if not has_words(task.text):
        raise Unusable("There is nothing in the document yet that could be asked about.")
    way = _by_sentences if model.tier is Tier.SMALL else _by_passages
    return (yield from way(model, card, task, template, question, given(model, task)))


def given(model: Model, task: Asking) -> list[Piece]:
    """What of the document the model is given to answer a question, in order."""
    question = _plain(task.question)
    if model.tier is Tier.SMALL:
        return _candidates(task.text, question)
    return _passages(task.text, question, int(model.context * SHARE))


def _plain(question: str) -> str:
    return " ".join(question.split())[:MAX_QUESTION]


# A small model


def _by_sentences(
    model: Model, card: StyleCard, task: Asking, template: Template, question: str, candidates: Sequence[Piece]
) -> Generator[Step, Answer, Answered]:
    tally = Tally()
    slots = {"question": question, "style": card.for_tier(model.tier)}
    rated: list[tuple[float, Piece]] = []
    for number, piece in enumerate(candidates):
        yield Progress(number, len(candidates) + 1, f"Reading sentence {number + 1} of {len(candidates)}")
        (gain,) = yield from gains(template, [{"piece": piece.text}], slots, tally)
        rated.append((gain, piece))
    best = max((gain for gain, _ in rated), default=0.0)
    if best < LEAST_GAIN:
        made = tally.made(template.name, task.file.act, task.seed)
        return Answered(NOT_FOUND, made, is_found=False, read=tuple(candidates))
    chosen = sorted((pair for pair in rated if pair[0] >= max(LEAST_GAIN, NEAR_BEST * best)), reverse=True, key=_gain)
    pieces = sorted(_apart([piece for _, piece in chosen])[:MOST_QUOTES], key=lambda piece: piece.start)
    quotes = tuple(Quote(piece.text, piece.start, piece.end) for piece in pieces)
    yield Progress(len(candidates), len(candidates) + 1, "Writing")
    evidence = " ".join(quote.text for quote in quotes)
    completion = yield from generate(_drawn(template, model, {**slots, "text": evidence}, evidence, task.seed))
    tally.add(completion)
    text = cleaned(completion.text)
    notes: tuple[str, ...] = (SMALL_NOTE,)
    if not _rests_on(text, evidence, question):
        text, notes = max(chosen, key=_gain)[1].text, ()
    made = tally.made(template.name, task.file.act, task.seed)
    return Answered(text, made, quotes, notes=notes, read=tuple(candidates))


def _drawn(template: Template, model: Model, slots: dict[str, str], given: str, seed: int) -> Generation:
    step = generation_of(template, model, slots, given=given, seed=seed)
    return replace(step, sampling=Sampling(temperature=RETRY_TEMPERATURE, seed=seed)) if seed else step


def _apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Those that overlap none before them, and say no other words than one of those."""
    found: list[Piece] = []
    for piece in pieces:
        is_said = any(words(piece.text) == words(other.text) for other in found)
        if not is_said and all(piece.end <= other.start or other.end <= piece.start for other in found):
            found.append(piece)
    return found


def _gain(rated: tuple[float, Piece]) -> float:
    return rated[0]


def _candidates(text: str, question: str) -> list[Piece]:
    """The sentences that a small model judges: all of a short text, else those that BM25 ranks first."""
    found = [
        Piece(passage.start + start, passage.start + sentence.end, passage.text[start : sentence.end])
        for passage in passages_of(text)
        for start, sentence in _opened(sentences(passage.text))
        if len(words(sentence.text)) > 2
    ]
    if len(found) <= MOST_SENTENCES:
        return found
    hits = PassageIndex([piece.text for piece in found]).search(question, MOST_SENTENCES)
    return [found[index] for index in sorted(hit.index for hit in hits)]


def _opened(found: list[Piece]) -> list[tuple[int, Piece]]:
    """Sentences with where each is to be read from: with the one before where it begins with a word for that."""
    starts = [
        before.start if before is not None and _REFERS.match(one.text) else one.start
        for before, one in zip([None, *found], found, strict=False)
    ]
    return list(zip(starts, found, strict=True))


def _rests_on(text: str, evidence: str, question: str) -> bool:
    """Whether an answer says nothing that neither the quotes nor the question say."""
    spoken = words(text.lower())
    if (
        not spoken
        or text.endswith(("?", "？"))
        or is_refusal(text, evidence)
        or new_facts(f"{evidence} {question}", text)
    ):
        return False
    if spoken[:1] == words(question.lower())[:1]:  # the question said again: "When Ada waters" is not when
        return False
    if len(spoken) == 1 and spoken[0] in _POINTING:
        return False
    if _is_beside(text, evidence, question) or _is_of_parallel(text, evidence, question):
        return False
    return overlap(text, f"{evidence} {question}") >= 0.8


def _is_beside(text: str, evidence: str, question: str) -> bool:
    """Whether somebody is named who stands in the wrong half of a sentence: of "Ida builds it, and Tom brings it", who
    builds is not Tom."""
    if not _ASKS_WHO.search(question):
        return False
    about = set(telling_words(question))
    own = set(telling_words(text)) - about
    is_beside = False
    for sentence in sentences(evidence):
        halves = [set(telling_words(half)) for half in _HALVES.split(sentence.text)]
        nearest = max(len(half & about) for half in halves)
        named = [half for half in halves if half & own]
        if not nearest or not named:
            continue
        if any(len(half & about) == nearest or len(half) < _LEAST_OF_HALF for half in named):
            return False
        is_beside = True
    return is_beside


def _is_of_parallel(text: str, evidence: str, question: str) -> bool:
    """Whether what is said belongs to another one of some parallel parts of a sentence: of "at nine on weekdays and at
    ten on Saturdays", on Saturdays is not at nine."""
    about = set(telling_words(question))
    own = set(telling_words(text)) - about
    is_beside = False
    for sentence in sentences(evidence):
        parts = [set(telling_words(part)) for part in _PARALLELS.split(sentence.text)]
        scores = [len((part | parts[0]) & about) for part in parts]
        holding = [score for part, score in zip(parts, scores, strict=True) if part & own]
        if holding and max(holding) == max(scores):
            return False
        is_beside = is_beside or bool(holding)
    return is_beside


# A model that converses


def _by_passages(
    model: Model, card: StyleCard, task: Asking, template: Template, question: str, passages: Sequence[Piece]
) -> Generator[Step, Answer, Answered]:
    tally = Tally()
    read = "\n\n".join(piece.text for piece in passages)
    is_all = len(read) == len(task.text.strip())
    yield Progress(0, 1, "Reading" if is_all else "Reading the passages that fit")
    asked_in = in_language_of(question) or ("" if language_of(question) else in_language_of(task.text))
    slots = {"question": question, "style": card.for_tier(model.tier), "text": read, "in_language": asked_in}
    completion = yield from generate(_drawn(template, model, slots, read, task.seed))
    tally.add(completion)
    made = tally.made(template.name, task.file.act, task.seed)
    text, claims = _parsed(completion.text)
    quotes = _nearest(verified(task.text, claims) or verified(task.text, _within(text)), text)
    if _NOT_THERE.search(text) and not quotes:
        return Answered(NOT_FOUND, made, is_found=False, read=tuple(passages))
    if not words(text):
        raise Unusable("The model wrote no answer; try again, or ask in other words.", completion.text)
    notes = () if quotes else ("The model gave no quote that stands in the document; check this answer.",)
    return Answered(text, made, quotes, notes=notes, read=tuple(passages))


def _passages(text: str, question: str, room: int) -> list[Piece]:
    """The whole text where there is room for so many tokens, else its best passages, in their order."""
    if tokens_of(text) <= room:
        start = len(text) - len(text.lstrip())
        whole = text.strip()
        return [Piece(start, start + len(whole), whole)]
    found = passages_of(text)
    hits = PassageIndex([piece.text for piece in found]).search(question, len(found))
    order = [hit.index for hit in hits] or list(range(len(found)))
    chosen: list[int] = []
    for index in order:
        room -= tokens_of(found[index].text) + 2
        if room < 0:
            break
        chosen.append(index)
    return [found[index] for index in sorted(chosen or order[:1])]


def _within(answer: str) -> list[str]:
    """What an answer without quotes below it may quote: what stands in quotation marks in it, or its sentences."""
    said = [one.text for one in sentences(answer)]
    return [each for each in (*_QUOTED.findall(answer), *said) if len(words(each)) >= LEAST_QUOTED]


def _nearest(quotes: Sequence[Quote], answer: str) -> tuple[Quote, ...]:
    """The quotes that have most in common with an answer, in their order: some models quote the whole document."""
    quotes = list({tuple(words(quote.text)): quote for quote in reversed(quotes)}.values())[::-1]
    ranked = sorted(quotes, key=lambda quote: -overlap(quote.text, answer))[:MOST_QUOTES]
    return tuple(quote for quote in quotes if quote in ranked)


def _parsed(raw: str) -> tuple[str, list[str]]:
    """Answer and claimed quotes: the answer, a line "Quotes:", then one quote a line."""
    parts = _QUOTES_HEAD.split(raw, maxsplit=1)
    claims: list[str] = []
    for line in (parts[1] if len(parts) > 1 else "").splitlines():
        match = _QUOTE_LINE.match(line)
        claim = match.group(1) if match else line.strip(" -*•>")
        if claim:
            claims.append(claim)
    return unmarked(cleaned(re.sub(r"^[\s*]*answer[ *]*:[\s*]*", "", parts[0], flags=re.IGNORECASE))), claims
