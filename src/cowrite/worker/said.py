"""What an OpenAI-compatible server says, read from its JSON.

Runs in the worker. A server may send anything: what is not of the kind that is meant counts as not said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_LEAST = -1e9  # of what a logarithm says; JSON has numbers that no float holds
_BEYOND = 2**53
_THINKS, _HAS_THOUGHT = "<think>", "</think>"


class Aloud:
    """What a model says of what it writes: not what it thinks before that, which servers may send as text.

    Takes what is written piece by piece; all but thoughts comes out again.

    Args:
        may_think: whether it may think: where it goes on with a text, nothing in that is taken for thoughts.
    """

    def __init__(self, *, may_think: bool) -> None:
        self._held = "" if may_think else None  # of what may be thoughts; None once there can be none any more

    def add(self, text: str) -> str:
        """Gives what is said now."""
        if self._held is None:
            return text
        self._held += text
        head = self._held.lstrip()
        if _THINKS.startswith(head[: len(_THINKS)]):
            _, is_over, said = head.partition(_HAS_THOUGHT)
            if not is_over:
                return ""
            head = said.lstrip()
        else:
            head = self._held
        self._held = None
        return head

    def rest(self) -> str:
        """Gives what looked like the beginning of thoughts when the text ended, and was none."""
        held, self._held = self._held or "", None
        return "" if held.lstrip().startswith(_THINKS) else held


def pieces_of(event: Mapping[str, Any]) -> Iterator[tuple[str, float | None, str]]:
    """Text, probability and why it ends (empty where it goes on), of each choice in an event."""
    for choice in map(as_object, as_list(event.get("choices"))):
        said = as_object(choice.get("delta")) or as_object(choice.get("message"))  # a message where it was not streamed
        text = as_words(said.get("content")) or as_words(choice.get("text"))
        yield text, _probability(as_object(choice.get("logprobs"))), as_words(choice.get("finish_reason"))


def _probability(plain: Mapping[str, Any]) -> float | None:
    """The probability of an event's tokens together; None where the server does not say."""
    tokens = as_list(plain.get("content"))
    logs = [as_object(token).get("logprob") for token in tokens] or as_list(plain.get("token_logprobs"))
    known = [min(0.0, max(_LEAST, log)) for log in logs if isinstance(log, int | float) and log == log]
    return math.exp(sum(known)) if known else None


def as_object(plain: Any) -> Mapping[str, Any]:
    """An object; an empty one for everything else."""
    return plain if isinstance(plain, dict) else {}


def as_list(plain: Any) -> Sequence[Any]:
    """A list; an empty one for everything else."""
    return plain if isinstance(plain, list) else ()


def as_words(plain: Any) -> str:
    """A string without halves of characters, which JSON can hold and no document may."""
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if isinstance(plain, str) else ""


def as_number(plain: Any) -> int:
    """A number above 0; 0 for everything else."""
    return int(plain) if isinstance(plain, int | float) and 0 < plain < _BEYOND else 0
