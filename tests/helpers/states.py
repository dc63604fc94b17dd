"""States: all that two equal copies of a document have in common, as a window, a file and a server have it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

from cowrite.core.crdt.structs import read_clocks
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined
from cowrite.storage.document.document_file import DocumentFile
from cowrite.sync.events import Synced
from cowrite.sync.link import Link
from helpers.sync_fakes import TextDocument
from helpers.sync_seat import Seat


def state_of(document: Document) -> dict[str, Any]:
    """All that two equal copies of a document have in common, as JSON has it."""
    clocks = {str(client): clock for client, clock in sorted(read_clocks(document.state_vector()).items())}
    state = {"spans": [_plain(span) for span in joined(document.spans())], "clocks": clocks}
    plain: dict[str, Any] = json.loads(json.dumps(state))
    return plain


def _plain(span: Span) -> list[Any]:
    return [span.text, dict(sorted(span.attributes.items())), dict(span.embed) if span.embed else None]


def text_of(state: dict[str, Any]) -> str:
    """The text of what `state_of` gave."""
    return "".join(span[0] for span in state["spans"])


class _Copy:
    """A document for a Seat that only reads."""

    def __init__(self) -> None:
        self.document = MendedDocument(clock=lambda: 0)
        self.client = self.document.client_id
        self.state_vector = self.document.state_vector
        self.update_since = self.document.update_since
        self.apply_remote = self.document.apply_remote

    @property
    def text(self) -> str:
        return self.document.text()


def state_on_server(link: Link) -> dict[str, Any]:
    """The state of the document that a newcomer gets."""

    async def read() -> dict[str, Any]:
        copy = _Copy()
        async with Seat(link, cast(TextDocument, copy), name="Reader") as seat:
            await seat.until(lambda: any(isinstance(event, Synced) for event in seat.events))
        return state_of(copy.document)

    return asyncio.run(read())


def state_in_file(path: Path) -> dict[str, Any]:
    """The state of the document in a file that nobody has open."""
    document = MendedDocument(clock=lambda: 0)
    with DocumentFile.open(path) as file:
        for update in file.load().state:
            document.apply_update(update, Origin.STORAGE)
    return state_of(document)
