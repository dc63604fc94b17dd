"""What can go wrong with a document."""

from __future__ import annotations

from cowrite.errors import CowriteError


class MalformedUpdate(CowriteError):
    """Bytes are no update of a document; the document is as it was.

    Attributes:
        size: number of bytes.
    """

    def __init__(self, size: int) -> None:
        super().__init__(f"An update of {size} bytes could not be read; the document is unchanged.")
        self.size = size


def is_panic(error: BaseException) -> bool:
    """Whether the library under pycrdt could not go on; its PanicException is no Exception and cannot be imported."""
    return type(error).__name__ == "PanicException"


class WrongThread(RuntimeError):
    """A document was used on another thread than the one that made it: a mistake in the program.

    Attributes:
        home: identity of the document's thread.
        caller: identity of the calling thread.
    """

    def __init__(self, home: int, caller: int) -> None:
        super().__init__(f"document of thread {home} used on thread {caller}")
        self.home = home
        self.caller = caller


class EditWithinSuggestion(RuntimeError):
    """An edit began before the end of one that is only suggested: a mistake in the program.

    The steps of that one are made on the rope alone, so no other can take its place in the shared text.
    """

    def __init__(self) -> None:
        super().__init__("an edit began within one that is only suggested")
