"""Which text of a document is the assistant's, and what is known of how it came to be.

Text that a person took from the assistant carries the attribute `ai` with the id of a record; the records are in the
root `assists`, Map by id. A record is written with the text, in one transaction, and never taken away again: others
may have copied the text. What a record stands for is read from the text alone, so one whose text is gone claims none.
Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import uuid4

from pycrdt import Map

from cowrite.core.entries.fields import fields_in
from cowrite.core.text.richtext import MARK, Attributes, Span
from cowrite_server.document.entry_values import whole_number

ROOT = "assists"

UNKNOWN = "unknown"
"""The id that stands for text of which only is known that it is the assistant's."""

LONGEST_ID = 64  # characters


class Act(StrEnum):
    """What the assistant did for the text."""

    GENERATED = "generated"
    """It wrote it."""
    REWRITTEN = "rewritten"
    """It put a person's text in other words."""
    PROOFREAD = "proofread"
    """It corrected spelling and grammar."""
    IDEA = "idea"
    """It gave the idea, and a person the words."""


class AssistRecord(NamedTuple):
    """One use of the model whose text was accepted.

    Attributes:
        id: the name that the text carries.
        task: what was asked for, such as "continue".
        act: what the assistant did.
        model: as people call it; empty where nothing is known.
        model_sha256: of the model's file, in hexadecimal; empty for one that runs elsewhere.
        template: the id of the prompt's template.
        seed: with which the words were drawn.
        time: milliseconds since 1970 when it was accepted; 0 where nothing is known.
        output_sha256: of all that the model wrote, in UTF-8, in hexadecimal.
        by: the name of the person who accepted it.
        client: that person's client id.
        place: empty for this computer, else the address to which the text went.
    """

    id: str
    task: str = ""
    act: Act = Act.GENERATED
    model: str = ""
    model_sha256: str = ""
    template: str = ""
    seed: int = 0
    time: int = 0
    output_sha256: str = ""
    by: str = ""
    client: int = 0
    place: str = ""

    def to_json(self) -> dict[str, Any]:
        """As in the document, without the id."""
        return {name: value for name, value in self._asdict().items() if name != "id"}

    @classmethod
    def from_json(cls, id: str, data: object) -> AssistRecord:
        """Reads a record. Others can have written anything: what is of no use there counts as not known."""
        record = cls(id)
        if not isinstance(data, Mapping):
            return record
        texts = ("task", "model", "model_sha256", "template", "output_sha256", "by", "place")
        found: dict[str, Any] = {name: data[name] for name in texts if isinstance(data.get(name), str)}
        found |= {name: number for name in _NUMBERS if (number := whole_number(data.get(name))) is not None}
        if data.get("act") in tuple(Act):
            found["act"] = Act(data["act"])
        return record._replace(**found)


_NUMBERS = ("seed", "time", "client")


def new_id() -> str:
    """An id for a record, unlike all others."""
    return uuid4().hex


class Assists:
    """The records of one document.

    Args:
        root: the root `assists`.
        begin: comes before all work on the document.
        suggestions: the root in which the records lie of text that is only suggested, by who may not write them here.
    """

    def __init__(
        self,
        root: Map[Any],
        begin: Callable[[], None],
        suggestions: Map[Any],
    ) -> None:
        self._root = root
        self._suggestions = suggestions
        self._begin = begin

    def __contains__(self, id: object) -> bool:
        self._begin()
        return isinstance(id, str) and id in self._root

    def record(self, id: str) -> AssistRecord:
        """The record of an id; where there is none, one that says that nothing is known."""
        self._begin()
        here = self._root.get(id)
        return self.as_suggested(id) if here is None else AssistRecord.from_json(id, _plain(here))

    def as_suggested(self, id: str) -> AssistRecord:
        """The record of text as it was suggested; where it was not, one that says that nothing is known."""
        self._begin()
        return AssistRecord.from_json(id, _plain(self._suggestions.get(suggested(id))))

    def records(self) -> dict[str, AssistRecord]:
        """All records, also those whose text is gone, by id."""
        self._begin()
        return {id: self.record(id) for id in self._root.keys()}  # noqa: SIM118, iterating needs a transaction

    def of(self, spans: Iterable[Span]) -> tuple[AssistRecord, ...]:
        """The records of rich text that is copied from here."""
        return tuple(self.record(id) for id in _ids(spans) if id in self or suggested(id) in self._suggestions)

    def lacking(self, spans: Iterable[Span], carried: Sequence[AssistRecord]) -> tuple[AssistRecord, ...]:
        """The records that rich text needs here and that are not here.

        Args:
            spans: what comes in.
            carried: the records that came along with it. Where there is none, one says that nothing is known: text of
                the assistant is never taken for a person's because it came a long way.
        """
        known = {record.id: record for record in carried}
        return tuple(known.get(id) or self.record(id) for id in _ids(spans) if id not in self)

    def keep(self, records: Iterable[AssistRecord]) -> None:
        """Writes records, in the transaction that is under way; one that is there already stays as it is."""
        for record in records:
            if record.id not in self._root:
                self._root[record.id] = Map(record.to_json())


def suggested(id: str) -> str:
    """Under which id a record lies among the suggestions."""
    return f"assist:{id}"


def mark_of(attributes: Attributes) -> str | None:
    """The record's id that text carries; None for a person's text. What is no id, another program has written."""
    mark = attributes.get(MARK)
    if mark is None:
        return None
    return mark if isinstance(mark, str) and 0 < len(mark) <= LONGEST_ID else UNKNOWN


def marked(spans: Iterable[Span]) -> list[Span]:
    """Rich text from outside with a usable mark wherever it has one."""
    return [
        span if id is None or id == span.attributes[MARK] else replace(span, attributes={**span.attributes, MARK: id})
        for span in spans
        for id in (mark_of(span.attributes),)
    ]


def _ids(spans: Iterable[Span]) -> dict[str, None]:
    return {id: None for span in spans if (id := mark_of(span.attributes)) is not None}


def _plain(value: object) -> object:
    return fields_in(value) if isinstance(value, Map) else value
