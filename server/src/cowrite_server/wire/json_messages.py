"""JSON within messages: what several kinds of them write and read alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any, Self, TypeVar

from cowrite_server.wire.encoding import MAX_VAR_UINT, MalformedMessage, Reader, var_string, var_uint


class RefusalReason(StrEnum):
    """Why a request of some kind is refused; each kind has LATER for a reason that only a later version knows."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls["LATER"] if isinstance(value, str) else None


Why = TypeVar("Why", bound=RefusalReason)


def json_message(kind: int, request: int, content: object) -> bytes:
    """A message of a request, or the answer to one, with JSON in it.

    Args:
        kind: its `protocol.Message`.
        request: number of the request.
        content: what JSON can hold, and dataclasses as objects.
    """
    return var_uint(kind) + var_uint(request) + var_string(json.dumps(content, default=_fields))


def whole(value: Any) -> int:
    """A whole number of a message, no larger than JSON holds exactly.

    Raises:
        TypeError, ValueError: it is none; an infinite one too, which JSON can name.
    """
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("a number is infinite")
    number = int(value)
    if abs(number) > MAX_VAR_UINT:
        raise ValueError("a number is too large")
    return number


def whole_or_none(value: Any) -> int | None:
    """The same where there may be none."""
    return None if value is None else whole(value)


def json_object(reader: Reader) -> dict[str, Any]:
    """A string that is a JSON object.

    Raises:
        MalformedMessage: it is none.
    """
    try:
        content = json.loads(reader.var_string())
    except ValueError as error:
        raise MalformedMessage("a message is not JSON") from error
    if not isinstance(content, dict):
        raise MalformedMessage("a message is not a JSON object")
    return content


@contextmanager
def expecting(what: str) -> Iterator[None]:
    """Reads JSON within this as if it had the form that it should have.

    Args:
        what: what is read, for people, such as "a hello".

    Raises:
        MalformedMessage: it has another one.
    """
    try:
        yield
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise MalformedMessage(f"{what} lacks a field or has a wrong one") from error


def refusal_message(kind: int, request: int, reason: RefusalReason, limit: str | None = None) -> bytes:
    """A message by which a request is refused.

    Args:
        kind: its `protocol.Message`.
        request: number of the request.
        reason: why.
        limit: name of the limit in `protocol.Limits`, where it was one.
    """
    return json_message(kind, request, {"reason": reason.value, "limit": limit})


def read_refusal(reader: Reader, reasons: type[Why]) -> tuple[int, Why]:
    """The request and the reason of such a message whose type has been read.

    Args:
        reader: after the message's type.
        reasons: the reasons for which such a request can be refused.

    Raises:
        MalformedMessage: it is no such message.
    """
    request = reader.var_uint()
    with expecting("a refusal"):
        return request, reasons(json.loads(reader.var_string())["reason"])


def _fields(value: Any) -> dict[str, Any]:
    """What `dataclasses.asdict` gives, in a tenth of its time: it copies what is within."""
    kind: Any = type(value)  # which mypy takes for nothing that has a hash
    return {name: getattr(value, name) for name in _names(kind)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))  # found out for each of a hundred members it takes half the time
