"""A text as one update for each letter, and what a document made of updates says."""

from __future__ import annotations

from pycrdt import Doc, Text


def keystrokes(text: str, client: int = 1) -> list[bytes]:
    """One update per character."""
    doc: Doc[Text] = Doc(client_id=client)
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    body = doc.get("body", type=Text)
    for character in text:
        body.insert(len(str(body).encode()), character)
    doc.unobserve(subscription)
    return updates


def text_of(update: bytes) -> str:
    """The body of a document that is one update."""
    doc: Doc[Text] = Doc()
    doc.apply_update(update)
    return str(doc.get("body", type=Text))


def document(updates: list[bytes], client: int = 99) -> Doc[Text]:
    """A document made of updates, in their order."""
    doc: Doc[Text] = Doc(client_id=client)
    for update in updates:
        doc.apply_update(update)
    return doc
