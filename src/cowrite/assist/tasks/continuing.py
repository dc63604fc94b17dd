"""Continue: what could come next at the caret, at most to the end of the sentence, and only what the model is sure of.

Runs anywhere. Asked of the GHOST lane as a text to go on with, for models of both tiers: asked in a conversation they
answer where they should go on (`benchmarks/suggestions.py` measures both). The prompt is the document up to the caret,
so that a keystroke costs the model a token or two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cowrite.assist.prompts.files import PromptFile, Template
from cowrite.assist.prompts.prompting import prompt_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Generation, Lane, Model, Sampling, Tier
from cowrite.assist.tasks.jobs import Job, generate
from cowrite.assist.tasks.outcomes import Tally, Written
from cowrite.assist.text.cleaning import unmarked
from cowrite.assist.text.confidence import THRESHOLD, confident_part
from cowrite.assist.text.guards import NO_TEXT
from cowrite.assist.text.sentences import IDEOGRAPH, SENTENCE_END, has_words, words

MAX_TOKENS = 24
OTHER_TEMPERATURE = 0.7  # of a second suggestion at the same place
MOST_LETTERS = 100  # of a word that is half typed; what goes on for longer, a key or a hash, is none
SPACES = " \t\u00a0"
REPEATED = 8  # words: a suggestion that says again what stands before the caret is none
_HALF = re.compile(rf"[^\W{IDEOGRAPH}]+(?:['’\-][^\W{IDEOGRAPH}]*)*$")
_CLAUSE_END = re.compile(r"[,.;:!?…)\]”»]$")
_WORD_BEGINS = re.compile(rf"[^\W\d_{IDEOGRAPH}]")


@dataclass(frozen=True, slots=True)
class Continuing:
    """Where something is to be suggested.

    Attributes:
        file: the task.
        before: the document up to the caret.
        seed: 0 for what is likeliest; another one draws another suggestion.
        after: what follows the caret in its line.
        threshold: the least confidence with which something is shown, 0 to 1; 0 shows everything.
        tier: for which tier's template; the small one serves all models.
    """

    file: PromptFile
    before: str
    seed: int = 0
    after: str = ""
    threshold: float = THRESHOLD
    tier: Tier = Tier.SMALL


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is shown at the caret.

    Attributes:
        written: the text, empty for none, and how it came about.
        doubtful: what the model wrote where nothing of it is sure enough; empty where something is shown.
        is_rated: whether the model has said how sure it is; where it does not, all that it writes is shown.
    """

    written: Written
    doubtful: str = ""
    is_rated: bool = True

    @property
    def text(self) -> str:
        """What is shown, with the space before it where one is lacking; empty for nothing."""
        return self.written.text


def suggest(model: Model, card: StyleCard, task: Continuing) -> Job[Suggestion]:
    """What could come next at the caret; empty where the model is not sure enough."""
    template = task.file.template(task.tier)
    tally = Tally()
    text, doubtful, is_rated = "", "", True
    if not words(task.after[:1]):
        for place in Place.of(task.before):
            completion = yield from generate(_asked(place, card, task, template))
            tally.add(completion)
            is_rated = all(token.probability is not None for token in completion.tokens)
            part = confident_part(completion.tokens, task.threshold, begun=place.begun)
            text = _shown(place, part, task, card, model)
            doubtful = "" if text else _shown(place, confident_part(completion.tokens, 0.0), task, card, model)
            if agreeing(place, completion.text) is not None:
                break
    written = Written(text, tally.made(template.name, task.file.act, task.seed))
    return Suggestion(written, doubtful, is_rated)


def _asked(place: Place, card: StyleCard, task: Continuing, template: Template) -> Generation:
    return Generation(
        lane=Lane.GHOST,
        prompt=prompt_of(template, task.tier, {"document": place.prompt, "style": card.before_text}),
        max_tokens=MAX_TOKENS,
        stop=template.stop,
        stop_after=f"{place.contradiction}|{SENTENCE_END}",
        sampling=Sampling(temperature=OTHER_TEMPERATURE if task.seed else 0.0, seed=task.seed),
        scored=True,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text as the model is given it.

    The tokens of a model begin with the space before a word. So spaces or a break at the end and a word that is half
    typed are kept back: the model writes them again, and what it writes counts only where it agrees with them.

    Attributes:
        prompt: the text up to the last border of a word, without spaces at its end.
        begun: what stands between that and the caret.
        is_behind_word: whether the word before the caret is taken for a whole one, behind which another begins.
    """

    prompt: str
    begun: str
    is_behind_word: bool = False

    @classmethod
    def of(cls, before: str) -> tuple[Place, ...]:
        """How to go on behind a text, in the order in which it is tried; none where there is nothing to go on with."""
        half = _HALF.search(before, max(0, len(before) - MOST_LETTERS))
        end = len(before[: half.start() if half else None].removesuffix("\n").rstrip(SPACES))
        healed = cls(before[:end], before[end:])
        # Where the model would not have written the last word, it may still be a whole one.
        found = (healed, cls(before, "", is_behind_word=True)) if half else (healed,)
        return tuple(place for place in found if has_words(place.prompt))

    @property
    def contradiction(self) -> str:
        """A regular expression that matches as soon as what is written cannot be used, to end it there."""
        if self.is_behind_word:
            return r"^[^\W_]"
        letters = [re.escape(letter) for letter in self.begun.lstrip()]
        ways = [f"{''.join(letters[:at])}[^{letter}]" for at, letter in enumerate(letters)]
        ways[:1] = [f"[^{letters[0]}\\s]"] if letters else []
        return rf"^\s*(?:{'|'.join(ways)})" if ways else r"^\n\n\n"


def _shown(place: Place, written: str, task: Continuing, card: StyleCard, model: Model) -> str:
    """What is shown of the model's text; empty where that is not worth it."""
    new = agreeing(place, written)
    if new is None:
        return ""
    new = unmarked(new.split("\n", 1)[0].rstrip(), task.before, is_within_line=True)
    if model.place and not place.begun and _CLAUSE_END.search(place.prompt) and _WORD_BEGINS.match(new):
        new = f" {new}"  # there are servers that cut off the spaces around what their model writes
    if not words(new) or NO_TEXT.search(new):
        return ""
    if repeats(task.before, new) or card.avoided_in(place.begun + new):
        return ""
    if task.after.strip() and new.strip().startswith(task.after.strip()[: len(new)]):
        return ""  # it stands there already
    return new


def agreeing(place: Place, written: str) -> str | None:
    """What comes behind the characters that are typed already; None where the model has written others."""
    begun = place.begun
    if place.is_behind_word:
        return None if written[:1].isalnum() else written
    plain = written.lstrip(SPACES) if begun[:1].isspace() else written
    expected = begun.lstrip()
    return plain[len(expected) :] if plain.startswith(expected) else None


def repeats(before: str, new: str) -> bool:
    """Whether a suggestion says again the last words before the caret, or goes in a circle itself."""
    said = [word.lower() for word in words(before[-REPEATED * MOST_LETTERS :])[-REPEATED:]]
    coming = [word.lower() for word in words(new)]
    if len(coming) > 1 and _has_run(said, coming[:REPEATED]):
        return True
    if coming and said and len(coming) == 1 and coming == said[-1:]:
        return True
    return any(coming[i : i + 3] == coming[i + 3 : i + 6] for i in range(len(coming) - 5))


def _has_run(said: list[str], coming: list[str]) -> bool:
    """Whether the words that come begin with three, or all of them, that have just been said in that order."""
    length = min(3, len(coming))
    return any(said[i : i + length] == coming[:length] for i in range(len(said) - length + 1))
