"""What was said behind a change that the server refused, said to it anew.

In Yjs whatever a writer does builds on all that they did before, so behind a refused change the server takes nothing
more from them. What they say in comments they may say all the same. So another writer says it in their place, beside
what the server holds. Runs on the document's thread.
"""

from __future__ import annotations

from random import SystemRandom

from cowrite.core.comments.comments import COMMENTS
from cowrite.core.crdt.structs import read_clocks
from cowrite.core.document.document import MOST_CLIENT, Document
from cowrite.core.document.unmended import UnmendedDocument
from cowrite.core.text.origin import Origin


def said_anew(held: bytes, document: Document) -> bytes:
    """The comments of a document as far as its server does not have them.

    Args:
        held: the server's document, as an update; the document has taken it in.
        document: the one here; it is to take in the result as well, and has the same comments then.

    Returns:
        The update that makes the server's comments these; empty where they are.
    """
    server = _beside(held, document)
    here, there = document.entries(COMMENTS), server.entries(COMMENTS)
    said: list[bytes] = []
    server.observe_updates(lambda update: said.append(update[0]))
    with server.transaction(Origin.LOCAL):
        for id in here.ids(removed=True):
            fields = here.get(id, removed=True) or {}
            known = there.get(id, removed=True)
            if known is None:
                there.add(id, fields)
            elif known != fields:
                there.change(id, fields)
    return said[0] if said else b""


def _beside(held: bytes, document: Document) -> Document:
    """What the server holds, with a writer who comes behind all who wrote what it lacks: of two who set one field at
    the same time, Yjs keeps what the one with the higher client id wrote."""
    server = UnmendedDocument()
    server.apply_update(held)
    known = read_clocks(server.state_vector())
    ahead = [client for client, clock in read_clocks(document.state_vector()).items() if clock > known.get(client, 0)]
    least = max(ahead, default=0) + 1
    writer = UnmendedDocument(client_id=SystemRandom().randint(least, max(least, MOST_CLIENT)))
    writer.apply_update(held)
    return writer
