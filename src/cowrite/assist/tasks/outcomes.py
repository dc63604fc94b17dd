"""What a job gives: a text, and what a record of it has to name.

Runs anywhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cowrite.assist.requests import Completion, Scores, Seen, Usage
from cowrite.assist.text.sentences import Piece
from cowrite.core.decisions.found import FoundDecision
from cowrite.core.text.quote import Quote

NO_USAGE = Usage(0, 0, 0, 0, None, 0.0)


@dataclass(frozen=True, slots=True)
class Made:
    """How a text came about: what a record of it names.

    Attributes:
        template: the template's name, with version and hash.
        act: generated, rewritten, proofread or idea.
        seed: of the draw.
        raw: everything that the model wrote for it, in order.
        usage: of all steps together.
        seen: which paragraphs the model saw, where the document was longer than its context.
    """

    template: str
    act: str
    seed: int
    raw: str
    usage: Usage
    seen: Seen | None = None

    @property
    def raw_digest(self) -> str:
        """SHA-256 of the raw output, in hexadecimal."""
        return hashlib.sha256(self.raw.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """A text that a job has made.

    Attributes:
        text: what a person is shown.
        made: how.
        notes: what a person should know of it, one sentence each; empty for nothing.
        read: the passages that were read for it, where these were not all.
    """

    text: str
    made: Made
    notes: tuple[str, ...] = ()
    read: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a question about a document.

    Attributes:
        text: the answer.
        made: how.
        quotes: words of the document that it rests on; each stands there.
        is_found: whether the document says anything about it.
        notes: what a person should know of it.
        read: what of the document the model was given, in order.
    """

    text: str
    made: Made
    quotes: tuple[Quote, ...] = ()
    is_found: bool = True
    notes: tuple[str, ...] = ()
    read: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionSummary:
    """The decisions of a text.

    Attributes:
        found: empty where nothing was decided.
        made: how.
        notes: what a person should know of it.
    """

    found: tuple[FoundDecision, ...]
    made: Made
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Adds up what a job's steps took and wrote."""

    usage: Usage = NO_USAGE
    raw: list[str] = field(default_factory=list)
    seen: Seen | None = None

    def add(self, answer: Completion | Scores) -> None:
        """One step more."""
        self.usage = _sum(self.usage, answer.usage)
        if isinstance(answer, Completion):
            self.raw.append(answer.text)
            self.seen = answer.seen or self.seen

    def seconds_for(self, tokens: int) -> float:
        """About how long the model takes to read so many tokens more, by all that it took; 0 where it has read none."""
        return self.usage.seconds * tokens / self.usage.evaluated if self.usage.evaluated else 0.0

    def made(self, template: str, act: str, seed: int) -> Made:
        """How the text came about."""
        return Made(template, act, seed, "\n".join(self.raw), self.usage, self.seen)


def _sum(one: Usage, other: Usage) -> Usage:
    first = one.seconds_to_first_token
    if first is None and other.seconds_to_first_token is not None:
        first = one.seconds + other.seconds_to_first_token
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        reused=one.reused + other.reused,
        evaluated=one.evaluated + other.evaluated,
        generated=one.generated + other.generated,
        seconds_to_first_token=first,
        seconds=one.seconds + other.seconds,
    )
