"""Copies of a document on a network that can be cut, and what the assistant gives to them."""

from __future__ import annotations

from typing import NamedTuple

from cowrite.core.document.assists import Act, AssistRecord, mark_of
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from helpers.drafts import Clock


def record(id: str = "r1", **fields: object) -> AssistRecord:
    """The record of a use."""
    known: dict[str, object] = {
        "task": "rewrite",
        "act": Act.REWRITTEN,
        "model": "SmolLM2-135M-Instruct",
        "model_sha256": "a" * 64,
        "template": "rewrite/small@1",
        "seed": 7,
        "time": 1_750_000_000_123,
        "output_sha256": "b" * 64,
        "by": "Ada",
        "client": 2**40 + 1,
    }
    return AssistRecord(id, **{**known, **fields})  # type: ignore[arg-type]


class Use(NamedTuple):
    """A stretch of text within one line that is the assistant's, by its UTF-16 positions."""

    start: int
    stop: int
    record: AssistRecord


def uses(document: Document) -> list[Use]:
    """The assistant's text, in order."""
    found: list[Use] = []
    at = 0
    for span in document.spans():
        end = at + utf16_length(span.text)
        mark = mark_of(span.attributes)
        if mark is not None and span.text != "\n":
            if found and found[-1].stop == at and found[-1].record.id == mark:
                found[-1] = found[-1]._replace(stop=end)
            else:
                found.append(Use(at, end, document.assists.record(mark)))
        at = end
    return found


class Copies:
    """Some copies of one document, each told of the others' changes when its wire is whole."""

    def __init__(self, text: str, names: str = "ab") -> None:
        self.clock = Clock()
        self.documents = {
            name: MendedDocument(client_id=index + 1, clock=self.clock) for index, name in enumerate(names)
        }
        self._waiting: dict[tuple[str, str], list[bytes]] = {
            (source, target): [] for source in names for target in names if source != target
        }
        self._offline: set[str] = set()
        self._is_delivering = False
        first, *others = self.documents.values()
        with first.edit(Origin.IMPORT) as edit:
            edit.insert(0, text)
        for other in others:
            other.apply_remote(first.state())
        for name, document in self.documents.items():
            document.observe_updates(lambda told, name=name: self._send(name, *told))  # type: ignore[misc]

    def __getitem__(self, name: str) -> Document:
        return self.documents[name]

    def cut(self, name: str) -> None:
        """One goes offline."""
        self._offline.add(name)

    def join(self) -> None:
        """All are online again, and have what the others have."""
        self._offline.clear()
        self._deliver()

    def texts(self) -> list[str]:
        """What is the same for all: the text, with the assistant's in brackets after the id of its record."""
        shown = {shown_marks(document) for document in self.documents.values()}
        for document in self.documents.values():
            assert document.text() == "".join(span.text for span in document.stored_spans())
        return sorted(shown)

    def _send(self, source: str, update: bytes, origin: Origin) -> None:
        if origin is not Origin.REMOTE:
            for target in self.documents:
                if target != source:
                    self._waiting[source, target].append(update)
            self._deliver()

    def _deliver(self) -> None:
        if self._is_delivering:  # an answer, while the update that it answers is being taken in
            return
        self._is_delivering = True
        while ways := [way for way, updates in self._waiting.items() if updates and not self._offline & set(way)]:
            for way in ways:
                self.documents[way[1]].apply_remote(self._waiting[way].pop(0))
        self._is_delivering = False


def shown_marks(document: Document) -> str:
    """The text with the assistant's in brackets: `Once r1[upon a] time`."""
    shown, last = "", None
    for span in document.spans():
        mark = mark_of(span.attributes)
        if mark != last:
            shown += ("]" if last is not None else "") + (f"{mark}[" if mark is not None else "")
            last = mark
        shown += span.text
    return shown + ("]" if last is not None else "")


def amounts(document: Document) -> dict[str, int]:
    """How many units of the text are the assistant's, by record."""
    found: dict[str, int] = {}
    for use in uses(document):
        found[use.record.id] = found.get(use.record.id, 0) + use.stop - use.start
    return found
