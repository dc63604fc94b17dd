"""The lines that the app and its worker exchange: one JSON object a line, UTF-8, over the worker's stdin and stdout.

Runs on both sides. The worker answers each request by its id; it works on one at a time, in the order in which they
come, while its reader thread sees CANCEL at once. What the model's library prints goes to stderr.

    to the worker                                     from the worker
    load   id, path, name, context, threads, batch    loading id, fraction … loaded id, model, threads, batch
           (flash, sha256)                            or failed id, code, sentence
    attach id, url, key, name  (an endpoint)          loaded or failed
    generate id, generation                           prefill id, done, total … token id, text, probability …
                                                      done id, completion   or failed; `token` only where the
                                                      generation is_shown
    score  id, scoring                                prefill … scored id, scores   or failed
    encode id, encoding                               prefill … encoded id, vectors   or failed
    calibrate id                                      calibrated id, threads, batch, flash, rates   or failed
    unload id                                         unloaded id
    cancel id                                         the request with this id ends: done with "cancelled", or failed
                                                      with code "cancelled" where it was no generation
    ping   id                                         pong id, answered by the reader thread
    typing id                                         nothing: leaves a core to whoever types, for half a second
    gate   id, tokens                                 nothing: lets the scripted model write so many tokens more

In `load`, 0 for context, threads and batch leaves the choice to the worker; `flash` is whether attention is computed
that way, `sha256` what the file is known to be, and `modified` the time, in nanoseconds, at which it was written then:
a file with another one is not loaded. All three may be missing.

The first line from the worker is `hello version, engine, pid`. The end of its stdin ends the worker.

Lines longer than MAX_LINE are refused on both sides. A line that is not understood ends the connection: the two ends
come from one installation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from cowrite.assist.requests import (
    Chat,
    Completing,
    Completion,
    Encoding,
    Ending,
    Generation,
    Lane,
    Message,
    Model,
    Part,
    Prompt,
    Sampling,
    Scaffold,
    Scores,
    Scoring,
    Seen,
    Token,
    Usage,
    Vectors,
    Window,
    Words,
)

VERSION = 1
MAX_LINE = 64 * 1024 * 1024  # bytes; the largest documents fit


class FailureCode(StrEnum):
    """What kind of failure the worker reports, as `code` of `failed`."""

    CANCELLED = "cancelled"
    BAD_MODEL = "bad-model"  # the file is none that can be loaded
    MEMORY = "memory"  # it needs more than there is
    NO_MODEL = "no-model"  # none is loaded
    NO_LIBRARY = "no-library"  # llama-cpp-python is not installed, or does not load
    TEMPLATE = "template"  # the model has no template, or its template refuses the conversation
    TOO_LONG = "too-long"  # what may not be left out is longer than the context
    GRAMMAR = "grammar"  # there is no such grammar, or the text cannot follow it
    ENDPOINT = "endpoint"  # the endpoint cannot be reached, or refuses
    UNSUPPORTED = "unsupported"  # this engine cannot do it
    INTERNAL = "internal"  # a mistake of ours, or llama.cpp failed


class MalformedLine(Exception):
    """A line of the other side is none of the protocol."""


def encode(type: str, id: int = 0, **fields: Any) -> bytes:
    """One message as a line, its line break included."""
    message = {"type": type, "id": id, **fields}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Reads one line: an object with at least `type` and `id`.

    Raises:
        MalformedLine: it is none.
    """
    try:
        message = json.loads(line.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise MalformedLine(f"no JSON: {line[:80]!r}") from error
    if not (isinstance(message, dict) and isinstance(message.get("type"), str) and isinstance(message.get("id"), int)):
        raise MalformedLine(f"no type and id: {line[:80]!r}")
    return message


def plain_part(part: Part) -> dict[str, Any]:
    """A part of a prompt as JSON."""
    if isinstance(part, Window):
        return {"window": list(part.paragraphs), "keep": part.keep}
    return {"scaffold" if isinstance(part, Scaffold) else "words": part.text}


def part_of(plain: Mapping[str, Any]) -> Part:
    """A part of a prompt from JSON."""
    if "window" in plain:
        return Window(tuple(plain["window"]), plain["keep"])
    return Scaffold(plain["scaffold"]) if "scaffold" in plain else Words(plain["words"])


def plain_prompt(prompt: Prompt) -> dict[str, Any]:
    """A prompt as JSON."""
    if isinstance(prompt, Completing):
        return {"parts": [plain_part(part) for part in prompt.parts]}
    turns = [{"role": turn.role, "parts": [plain_part(part) for part in turn.parts]} for turn in prompt.messages]
    return {"messages": turns, "begun": prompt.begun}


def prompt_of(plain: Mapping[str, Any]) -> Prompt:
    """A prompt from JSON."""
    if "parts" in plain:
        return Completing(tuple(part_of(part) for part in plain["parts"]))
    turns = (Message(turn["role"], tuple(part_of(part) for part in turn["parts"])) for turn in plain["messages"])
    return Chat(tuple(turns), plain["begun"])


def plain_generation(generation: Generation) -> dict[str, Any]:
    """A generation as JSON."""
    simple = {name: getattr(generation, name) for name in _GENERATION_FIELDS}
    return {
        **simple,
        "prompt": plain_prompt(generation.prompt),
        "stop": list(generation.stop),
        "sampling": asdict(generation.sampling),
    }


_GENERATION_FIELDS = ("lane", "max_tokens", "stop_after", "scored", "grammar", "is_copying", "is_shown")


def generation_of(plain: Mapping[str, Any]) -> Generation:
    """A generation from JSON."""
    simple = {name: plain[name] for name in _GENERATION_FIELDS if name != "lane"}
    return Generation(
        lane=Lane(plain["lane"]),
        prompt=prompt_of(plain["prompt"]),
        stop=tuple(plain["stop"]),
        sampling=Sampling(**plain["sampling"]),
        **simple,
    )


def plain_scoring(scoring: Scoring) -> dict[str, Any]:
    """A scoring as JSON."""
    return {
        "lane": scoring.lane,
        "prompt": plain_prompt(scoring.prompt),
        "candidates": list(scoring.candidates),
    }


def scoring_of(plain: Mapping[str, Any]) -> Scoring:
    """A scoring from JSON."""
    return Scoring(Lane(plain["lane"]), prompt_of(plain["prompt"]), tuple(plain["candidates"]))


def plain_encoding(encoding: Encoding) -> dict[str, Any]:
    """An encoding as JSON."""
    return {"lane": encoding.lane, "path": encoding.path, "texts": list(encoding.texts)}


def encoding_of(plain: Mapping[str, Any]) -> Encoding:
    """An encoding from JSON."""
    return Encoding(Lane(plain["lane"]), str(plain["path"]), tuple(plain["texts"]))


def completion_of(plain: Mapping[str, Any]) -> Completion:
    """A completion from JSON."""
    seen = Seen(**plain["seen"]) if plain["seen"] is not None else None
    tokens = tuple(Token(**token) for token in plain["tokens"])
    return Completion(plain["text"], tokens, Ending(plain["ending"]), seen, Usage(**plain["usage"]))


def scores_of(plain: Mapping[str, Any]) -> Scores:
    """Scores from JSON."""
    return Scores(tuple(plain["log_probabilities"]), tuple(plain["lengths"]), Usage(**plain["usage"]))


def plain_vectors(vectors: Vectors) -> dict[str, Any]:
    """Vectors as JSON."""
    return {"rows": [list(row) for row in vectors.rows], "usage": asdict(vectors.usage)}


def vectors_of(plain: Mapping[str, Any]) -> Vectors:
    """Vectors from JSON."""
    return Vectors(tuple(tuple(row) for row in plain["rows"]), Usage(**plain["usage"]))


def model_of(plain: Mapping[str, Any]) -> Model:
    """A model from JSON."""
    return Model(**plain)
