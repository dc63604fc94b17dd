"""What is asked of a language model, and what comes back, as values.

Runs anywhere: the worker that holds the model, the client that asks it, and the jobs that know what to ask all speak
in these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Lane(StrEnum):
    """For whom the model works, the most urgent first. Each lane keeps a context of its own: none evicts another's."""

    GHOST = "ghost"
    """The suggestion at the caret."""
    PANEL = "panel"
    """What a person asked for in the side panel, and is waiting for."""
    BACKGROUND = "background"
    """Long work in pieces; gives way to the others between pieces."""


@dataclass(frozen=True, slots=True)
class Scaffold:
    """Words of a prompt that are ours, in which the model's control tokens count."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a person or of the document: never control tokens, whatever is written there."""

    text: str


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the document that the model sees; it alone gives way where the context is too small.

    Attributes:
        paragraphs: the text in pieces, each with the line break that ends it; treated as `Words`.
        keep: the end that is kept. With "end" the first paragraph that is seen moves in steps of a quarter of the
            context, so that what is read already stays read.
    """

    paragraphs: tuple[str, ...]
    keep: Literal["start", "end"] = "end"


Part = Scaffold | Words | Window


@dataclass(frozen=True, slots=True)
class Completing:
    """A text that the model goes on with. At most one part is a Window."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation, set by the model's own template; only for models that have one (`Model.has_template`).

    Attributes:
        messages: the turns; at most one part of all is a Window. A model without a system role gets the system's words
            at the head of the first turn of the user.
        begun: how the answer begins, as if the model had written it.
    """

    messages: tuple[Message, ...]
    begun: str = ""


Prompt = Completing | Chat


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is drawn.

    Attributes:
        temperature: 0 takes the likeliest each time.
        seed: for the draw; the same seed, model and prompt give the same text.
        repeat_penalty: 1 is none: more harms quotes and rewriting.
    """

    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Generation:
    """A text that the model is to write.

    Attributes:
        lane: for whom.
        prompt: what it goes on with or answers.
        max_tokens: the most it writes.
        stop: texts at which it ends; they are not part of the result.
        stop_after: a regular expression; the text ends with its first match. Empty for none.
        sampling: how it draws.
        scored: whether each token comes with its probability.
        grammar: the name of a grammar in `resources/grammars` that the text must follow; empty for none.
        is_copying: whether most of the text will stand in the prompt, as in proofreading: it is looked up there
            ahead where that changes no word.
        is_shown: whether a person watches it being written.
    """

    lane: Lane
    prompt: Prompt
    max_tokens: int
    stop: tuple[str, ...] = ()
    stop_after: str = ""
    sampling: Sampling = field(default_factory=Sampling)
    scored: bool = False
    grammar: str = ""
    is_copying: bool = False
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class Scoring:
    """How likely each of some continuations is.

    Attributes:
        candidates: continuations of the prompt, treated as `Words`.
    """

    lane: Lane
    prompt: Prompt
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Encoding:
    """Asks for a vector of each of some texts: of texts that mean the same they lie close.

    Attributes:
        path: of the model that gives them: another than the one that writes, and kept beside it. The texts stay on
            this computer, also where an endpoint writes.
    """

    lane: Lane
    path: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of generated text.

    Attributes:
        probability: of the token before sampling changed it, 0 to 1; None where it was not asked for.
    """

    text: str
    probability: float | None = None


class Ending(StrEnum):
    """Why a text ends."""

    STOP = "stop"  # the model ended it, or a stop text or pattern was met
    LENGTH = "length"  # max_tokens, or the context is full
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Seen:
    """Which paragraphs of a Window the model saw: from `first` up to but without `stop`, of `total`."""

    first: int
    stop: int
    total: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took.

    Attributes:
        prompt_tokens: length of the prompt.
        reused: how many of these the lane had read before.
        evaluated: tokens that were computed for the prompt.
        generated: tokens that were written.
        seconds_to_first_token: from the worker's taking it up; None where none was written.
        seconds: from the worker's taking it up to the end.
    """

    prompt_tokens: int
    reused: int
    evaluated: int
    generated: int
    seconds_to_first_token: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote for a Generation."""

    text: str
    tokens: tuple[Token, ...]
    ending: Ending
    seen: Seen | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class Scores:
    """For each candidate of a Scoring the natural logarithm of its probability, and how many tokens it has."""

    log_probabilities: tuple[float, ...]
    lengths: tuple[int, ...]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Vectors:
    """For each text of an Encoding its vector, of length 1."""

    rows: tuple[tuple[float, ...], ...]
    usage: Usage


CONVERSING = 900_000_000
"""Weights from which a model is asked in conversation: those that are called "1B" may have a little less than that."""


class Tier(StrEnum):
    """Which kind of prompts suits a model."""

    SMALL = "small"
    """Below about a thousand million parameters: worked examples to go on with; asked in chat they fail."""
    CHAT = "chat"
    """Follows instructions in a conversation."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it was loaded.

    Attributes:
        name: as people call it.
        sha256: of its file, in hexadecimal; empty for one that runs elsewhere.
        parameters: how many.
        context: tokens that a lane holds at most.
        has_template: whether it knows conversations. One that does not is only ever given texts to go on with.
        rewinds: whether it can forget the end of what it has read; one that cannot reads all again after each change.
        place: empty for this computer, else the address of the endpoint to which the text goes.
    """

    name: str
    sha256: str
    parameters: int
    context: int
    has_template: bool
    rewinds: bool = True
    place: str = ""

    @property
    def tier(self) -> Tier:
        """Which prompts suit it. For one elsewhere those of a conversation, however small it is: the others need to be
        told how likely texts are, and no endpoint tells."""
        is_large = self.parameters >= CONVERSING
        return Tier.CHAT if self.has_template and (is_large or self.place) else Tier.SMALL


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a model runs best.

    Attributes:
        threads: that compute.
        batch: tokens that are read at once.
        flash: whether attention is computed the other way ("flash attention").
        rates: tokens a second: "prompt" for reading, "generation" for writing.
    """

    threads: int
    batch: int
    flash: bool
    rates: Mapping[str, float]
