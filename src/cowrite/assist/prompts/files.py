"""Prompt files: what the model is told for each task, kept outside the program.

Runs anywhere. Those that cowrite brings are in `resources/prompts`; a person adds more in a folder of their own, in the
same form, described in `resources/prompts/README.md`. A file has a template for each tier of models that it suits.
`reading` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from cowrite.assist.requests import Tier
from cowrite.errors import CowriteError

_SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Kind(StrEnum):
    """What is made of the answer."""

    CONTINUE = "continue"
    """A suggestion at the caret."""
    REWRITE = "rewrite"
    """Takes the place of the text that was given."""
    WRITE = "write"
    """A text of its own about the one that was given."""
    ASK = "ask"
    """An answer with quotes."""
    DECIDE = "decide"
    """A list of decisions, each with quotes."""


class Method(StrEnum):
    """How a result is made."""

    WRITE = "write"
    """The model writes it."""
    CHOOSE = "choose"
    """Sentences of the text itself, those that the model's probabilities favour: `judging` says how."""
    NAME = "name"
    """A few words for each piece: the likeliest of several that the model writes."""
    CORRECT = "correct"
    """Single changes that the model proposes, each taken only where it makes the sentence likelier."""
    EXPAND = "expand"
    """The model writes each piece out; where it fails, the piece is set as a sentence."""


class Division(StrEnum):
    """What the model is given at a time."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    """As much of its beginning as is given at a time, and no more."""
    PARAGRAPHS = "paragraphs"
    LINES = "lines"
    SENTENCES = "sentences"


SLOTS: Mapping[Kind, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {  # those that a template must have, and those that it may have besides
        Kind.CONTINUE: (frozenset({"document"}), frozenset({"style"})),
        Kind.REWRITE: (frozenset({"text"}), frozenset({"style", "instruction", "language", "in_language"})),
        Kind.WRITE: (frozenset({"text"}), frozenset({"style", "instruction", "language", "reader", "in_language"})),
        Kind.ASK: (frozenset({"text", "question"}), frozenset({"style", "in_language"})),
        Kind.DECIDE: (frozenset({"text", "question"}), frozenset({"style", "in_language"})),
    }
)
METHODS: Mapping[Kind, frozenset[Method]] = MappingProxyType(
    {  # by which a result of each kind can be made
        Kind.CONTINUE: frozenset({Method.WRITE}),
        Kind.REWRITE: frozenset({Method.WRITE, Method.CORRECT}),
        Kind.WRITE: frozenset({Method.WRITE, Method.CHOOSE, Method.NAME, Method.EXPAND}),
        Kind.ASK: frozenset({Method.WRITE}),
        Kind.DECIDE: frozenset({Method.WRITE, Method.CHOOSE}),
    }
)
RESERVED = frozenset({"expand", "rewrite"})
"""What `cowrite assist` calls by these names is no single prompt file."""
PIECE = "piece"
"""The slot of what is judged; where the context is too small, its beginning is kept."""
JUDGING_SLOTS = frozenset({PIECE, "rest"})
"""Slots of `judging` and `judged` alone."""
WINDOWS = frozenset({"document"})
"""Slots that give way where the context is too small."""


class BadPromptFile(CowriteError):
    """A prompt file cannot be used.

    Attributes:
        path: the file.
        reason: what is wrong, as the rest of a sentence.
    """

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"The prompt file “{path}” cannot be used: {reason}.")
        self.path = path
        self.reason = reason


class Unsuited(CowriteError):
    """A task for which the chosen model is no good.

    Attributes:
        title: of the task.
        tier: of the model.
    """

    def __init__(self, title: str, tier: Tier) -> None:
        kinds = {Tier.SMALL: "a small model", Tier.CHAT: "a model that converses"}
        other = {Tier.SMALL: "a larger one in Models (“cowrite models list”)", Tier.CHAT: "a small one"}
        super().__init__(f"“{title}” cannot be done well by {kinds[tier]}; choose {other[tier]}.")
        self.title = title
        self.tier = tier


@dataclass(frozen=True, slots=True)
class Template:
    """How a model of one tier is asked.

    Attributes:
        name: task, tier, version and the beginning of the file's hash: what a record of an accepted text names.
        is_ours: whether the model's control tokens count in it; not in a file that somebody has added.
        prompt: what the model goes on with, with slots such as `{{text}}`; for the chat tier, the user's turn.
        system: the conversation's first words; for the chat tier only.
        begun: how the answer begins.
        method: how a result is made.
        judging: for methods that compare: a text with the slot `{{piece}}`, after which `judged` is the likelier the
            better a piece is.
        judged: see there; its slots are the task's, and `{{rest}}`, the text without the piece.
        wording: for `decide`: the user's turn by which a model that knows conversations says in its own words what a
            part of the text tells; its slots are the task's.
        begins: what stands before each result of several, such as "- ".
        joins: what stands between them.
        division: what the model is given at a time.
        stop: texts at which it ends.
        stop_after: a regular expression after whose first match it ends; empty for none.
        max_tokens: the most that it writes for each piece.
        length: at most so many times the tokens of what it was given, and a few; 0 for max_tokens alone.
        temperature: 0 takes the likeliest words.
        is_copying: whether most of the answer stands in the text.
        is_faithful: whether a part whose numbers, names or links were lost stays as it was.
        overlap: the least share of the answer's telling words that must stand in the text; 0 for any.
        keeps: the least share of the text's telling words that must stand in the answer; 0 for any.
        ratio: the fewest and the most words of the answer, as multiples of those of the text.
        is_trimmed: whether words that say nothing are taken out of each piece by rule before the model is asked.
        tries: how often it is asked for one piece until an answer is usable.
    """

    name: str
    is_ours: bool
    prompt: str
    system: str = ""
    begun: str = ""
    method: Method = Method.WRITE
    judging: str = ""
    judged: str = ""
    wording: str = ""
    begins: str = ""
    joins: str = "\n\n"
    division: Division = Division.WHOLE
    stop: tuple[str, ...] = ()
    stop_after: str = ""
    max_tokens: int = 256
    length: float = 0.0
    temperature: float = 0.0
    is_copying: bool = False
    is_faithful: bool = True
    overlap: float = 0.0
    keeps: float = 0.0
    ratio: tuple[float, float] = (0.0, 100.0)
    is_trimmed: bool = False
    tries: int = 1

    @property
    def is_line(self) -> bool:
        """Whether the answer ends with its line."""
        return "\n" in self.stop or "\n" in self.stop_after

    @property
    def texts(self) -> tuple[str, ...]:
        """All of it that has slots."""
        return self.prompt, self.system, self.begun, self.judging, self.judged, self.wording


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One task.

    Attributes:
        name: of the file, without its suffix.
        title: what people call it, such as "Shorter".
        kind: what is made of the answer.
        is_own: whether a person added it.
        act: what an accepted text is recorded as: generated, rewritten, proofread or idea.
        templates: one for each tier that it suits.
    """

    name: str
    title: str
    kind: Kind
    is_own: bool
    act: str
    templates: Mapping[Tier, Template] = field(default_factory=lambda: MappingProxyType({}))

    def template(self, tier: Tier) -> Template:
        """How a model of this tier is asked.

        Raises:
            Unsuited: there is none for it.
        """
        try:
            return self.templates[tier]
        except KeyError:
            raise Unsuited(self.title, tier) from None

    @property
    def slots(self) -> frozenset[str]:
        """What has to be given, such as "instruction" or "reader"."""
        found = (name for one in self.templates.values() for text in one.texts for name in slots_of(text))
        return frozenset(found) - JUDGING_SLOTS


@dataclass(frozen=True, slots=True)
class PromptFiles:
    """All tasks, and what is wrong with the files that could not be used."""

    files: Mapping[str, PromptFile]
    problems: tuple[BadPromptFile, ...] = ()

    def __getitem__(self, name: str) -> PromptFile:
        return self.files[name]

    @property
    def own(self) -> tuple[PromptFile, ...]:
        """Those that a person added, by title."""
        return tuple(sorted((file for file in self.files.values() if file.is_own), key=lambda file: file.title))


def slots_of(text: str) -> list[str]:
    """The slots in a template's text, in their order."""
    return _SLOT.findall(text)


def split_slots(text: str) -> list[str]:
    """A template's text as words, slot, words, slot … words; words may be empty."""
    return _SLOT.split(text)
