"""What is searched of a document that does not stand in its text: the words of notes and groups on the board, of
sessions and polls, of comments, and of decisions and actions.

Runs anywhere. What was removed is not among them, and what is sealed is in no document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from cowrite.core.document.document import Document
from cowrite.core.entries.fields import REMOVED, Fields, text, truth

_WORDS = frozenset({"text", "title", "question"})
_ROOTS: Mapping[str, frozenset[str]] = {  # as the modules name them that are not loaded for this
    "decisions": _WORDS | {"context", "outcome", "consequences", "dissent", "confirmation", "note"},
    "board": _WORDS | {"what"},  # of actions
    "comments": _WORDS,
}
"""In which fields of the entries of a root somebody has written words; a field of a part has its name behind others."""


def words_beside(document: Document) -> str:
    """The words of a document; see `words_in`."""
    return words_in(entries_beside(document).__getitem__)


def entries_beside(document: Document) -> dict[str, list[tuple[str, Fields]]]:
    """The entries of a document that have such words, by their roots, for `words_in` on any thread."""
    return {root: list(document.entries(root).all()) for root in _ROOTS}


def words_in(entries_in: Callable[[str], Iterable[tuple[str, Fields]]]) -> str:
    """The words, each field on lines of its own.

    Args:
        entries_in: gives the entries of a root, with their ids.
    """
    return "\n".join(
        words
        for root, names in _ROOTS.items()
        for _, fields in sorted(entries_in(root), key=lambda entry: entry[0])
        if not truth(fields, REMOVED)
        for words in _words_in(fields, names)
    )


def _words_in(fields: Fields, names: frozenset[str]) -> Iterator[str]:
    for name in sorted(fields):
        part, _, field = name.rpartition(":")
        if field in names and not truth(fields, f"{part}:{REMOVED}") and (words := text(fields, name)):
            yield words


def with_words(searchable: str, beside: str) -> str:
    """All that is searched of a document: what is searched of its text, and the words beside it."""
    return "\n".join(filter(None, (searchable, beside)))
