"""What is asked of the worker as lines of the wire, and its answers as replies.

Sans-I/O.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from cowrite.assist.engine.asking import Calibrating, Endpoint, ModelFile, Reply, Source
from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.engine.wire import (
    FailureCode,
    completion_of,
    plain_encoding,
    plain_generation,
    plain_scoring,
    scores_of,
    vectors_of,
)
from cowrite.assist.requests import Calibration, Encoding, Generation, Model, Scoring

Line = tuple[str, dict[str, Any]]
"""The type of a message, and its fields."""


def loading_line(source: Source) -> Line:
    """Asks for a model."""
    if isinstance(source, Endpoint):
        return "attach", {"url": source.url, "key": source.key, "name": source.name}
    fields = asdict(source)
    if source.flash is None:
        del fields["flash"]
    return "load", fields


def asking_line(request: Generation | Scoring | Encoding | Calibrating) -> Line:
    """Asks something of a model."""
    match request:
        case Generation():
            return "generate", {"generation": plain_generation(request)}
        case Encoding():
            return "encode", {"encoding": plain_encoding(request)}
        case Scoring():
            return "score", {"scoring": plain_scoring(request)}
        case _:
            return "calibrate", {}


def reply_of(message: dict[str, Any]) -> Reply | AssistantProblem | None:
    """What a message answers, or why there is no answer; None where it is neither.

    Raises:
        MalformedLine: it lacks something.
    """
    match message["type"]:
        case "done":
            return completion_of(message["completion"])
        case "scored":
            return scores_of(message["scores"])
        case "encoded":
            return vectors_of(message["vectors"])
        case "calibrated":
            return Calibration(message["threads"], message["batch"], message["flash"], message["rates"])
        case "failed":
            reason = Reason.NO_ENGINE if message["code"] == FailureCode.NO_LIBRARY else Reason.REFUSED
            return AssistantProblem(reason, message["code"], message["sentence"])
        case _:
            return None


def named(model: Model, source: Source) -> Model:
    """A model with the hash that is known of its file."""
    known = source.sha256 if isinstance(source, ModelFile) else ""
    return replace(model, sha256=known) if known and not model.sha256 else model
