"""Writer: the model at one text about a text.

Runs anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace

from cowrite.assist.prompts.files import Method, PromptFile, Template
from cowrite.assist.prompts.prompting import generation_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Ending, Model, Sampling
from cowrite.assist.tasks.jobs import Answer, Progress, Step, generate
from cowrite.assist.tasks.outcomes import Tally
from cowrite.assist.text.cleaning import cleaned, unmarked
from cowrite.assist.text.guards import echoes, has_loop, is_refusal
from cowrite.assist.text.languages import in_language_of, is_in_another
from cowrite.assist.text.sentences import sentences, words

RETRY_TEMPERATURE = 0.8
CUT_NOTE = "The model stopped here for want of room; choose less text for all of it."
LONG_NOTE = "The model was asked for something shorter, and did not keep to it."
SAME_NOTE = "The model has only said the text again."
OTHER_LANGUAGE_NOTE = "The model did not keep to the language of the text."
ENDS = '.!?…。！？"”’»)'
LEAST_WORDS = 5  # that are left of a text which goes in circles
TOLD = {"instruction": "what to do", "reader": "for whom", "language": "into which language"}
MARK = re.compile(r"^(?:[-*+•]|#+|\d+[.)]|\[.\])\s+")  # of a list item or a heading; "3.5 litres" has none


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be written about a text.

    Attributes:
        file: the task.
        text: what it is about.
        words: for whom, or how: whatever the task asks for beside the text.
        said: the same for single slots, such as "reader"; those that are not in it have `words`.
        seed: for the draw.
    """

    file: PromptFile
    text: str
    words: str = ""
    seed: int = 0
    said: Mapping[str, str] = field(default_factory=dict)

    def told(self, slot: str) -> str:
        """What goes into a slot, in one line."""
        return " ".join(self.said.get(slot, self.words).split())


@dataclass(frozen=True, slots=True)
class Writer:
    """The model at one text.

    Attributes:
        model: it.
        card: how the person wants it to write.
        task: what is to be written.
        template: how the model is asked.
        tally: what it has taken.
        notes: what the person should know of the text.
        read: the passages that it is about, where these are not all.
    """

    model: Model
    card: StyleCard
    task: Writing
    template: Template
    tally: Tally = field(default_factory=Tally)
    notes: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def slots(self, text: str) -> dict[str, str]:
        """What goes into the slots of the template, for a part of the text."""
        told = {slot: self.task.told(slot) for slot in TOLD}
        style = self.card.for_tier(self.model.tier)
        return {**told, "text": text, "style": style, "in_language": in_language_of(self.task.text)}

    @property
    def is_told(self) -> bool:
        """Whether the person has said what it is to become: that may be a text in another language."""
        return bool({"instruction", "language"} & self.task.file.slots)

    def ask(self, text: str, attempt: int, now: Progress | None = None) -> Generator[Step, Answer, str]:
        """What the model writes about a text, cleaned; empty where it is not worth showing.

        Args:
            text: what it writes about.
            attempt: from 0; what it wrote in an earlier one does not count any more.
            now: how far the job is, for a person who watches it write; None where nobody does.
        """
        if now is not None:
            yield now.at(attempt)
        seed = self.task.seed + attempt
        step = generation_of(
            self.template, self.model, self.slots(text), given=text, seed=seed, is_shown=now is not None
        )
        if seed:
            step = replace(step, sampling=Sampling(temperature=RETRY_TEMPERATURE, seed=seed))
        completion = yield from generate(step)
        self.tally.add(completion)
        wish = self.task.told("instruction") if "instruction" in self.task.file.slots else ""
        new = cleaned(completion.text, text, wish)
        if self.template.is_line:  # no page
            new = unmarked(new)
        is_cut = completion.ending is Ending.LENGTH
        if is_cut and self.template.method is Method.WRITE and not self.template.is_line:
            new, is_cut = _whole(new), False
            self.notes.extend({CUT_NOTE}.difference(self.notes))
        is_looping = has_loop(completion.text, text) and len(words(new)) < LEAST_WORDS
        if not words(new) or is_refusal(new, text) or is_cut or is_looping:
            return ""
        is_another_left = attempt + 1 < self.template.tries
        fault = self._fault(new, text)
        if fault is not None:
            if is_another_left:
                return ""
            self.notes.extend({fault}.difference(self.notes, ("",)))
        if not self.is_told and is_in_another(new, self.task.text):
            if is_another_left:
                return ""
            self.notes.extend({OTHER_LANGUAGE_NOTE}.difference(self.notes))
        known = f"{self.template.prompt} {self.card.own_words()}"
        return "" if echoes(new, known) and not echoes(new, text) else new

    def _fault(self, new: str, text: str) -> str | None:
        """Why another attempt may give something better, in words for people or none; None where it is as it should
        be."""
        most = self.template.ratio[1]
        if len(words(new)) > most * len(words(text)):
            return LONG_NOTE if most < 1 else ""
        may_be_same = self.is_told or self.template.is_line or self.template.method is not Method.WRITE
        return SAME_NOTE if not may_be_same and words(new.lower()) == words(text.lower()) else None


def _whole(text: str) -> str:
    """A text that breaks off without the sentence, or line, in which it does; as it is where nothing would be left."""
    found = sentences(text)
    is_cut = len(found) > 1 and found[-1].text[-1] not in ENDS
    return text[: found[-1].start].rstrip() if is_cut else text


def doing(number: int, total: int) -> str:
    """What the person reads while part `number`, from 0, is worked on."""
    return f"Part {number + 1} of {total}" if total > 1 else "Writing"
