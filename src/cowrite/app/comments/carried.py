"""CarriedComments: comments go along with their words, when these are cut out and pasted elsewhere.

Runs on the GUI thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import Document
from cowrite.core.text.richtext import Utf16, plain_text, utf16_length
from cowrite.core.text.suggested_text import as_copied, as_suggested
from cowrite.core.writing.places import Place
from cowrite.gui.page.clipboard import Commented
from cowrite.gui.page.comments import PageComments


class CarriedComments:
    """The comments of one draft that its clipboard carries.

    Args:
        document: the draft's.
        comments: those on it.
        on_page: asks which comments are on what is copied, and tells where they came to be pasted.
    """

    def __init__(self, document: Document, comments: Comments, on_page: PageComments) -> None:
        self._document = document
        self._comments = comments
        on_page.standing, on_page.moved = self._standing, self._moved
        on_page.commented, on_page.brought = self._commented, self._brought

    def _standing(self, start: int, stop: int) -> dict[str, Place]:
        """Where the threads stand that lie between two positions as a whole, in the order of the text, by their ids."""
        placed = ((each.thread.id, each.place) for each in self._comments.all() if each.place is not None)
        return {id: place for id, place in placed if start <= place[0] and place[1] <= stop}

    def _moved(self, places: Mapping[str, Place]) -> None:
        """Puts the threads whose text was put elsewhere there; those stay whose text stays, as while one suggests."""
        detached = self._detached()
        self._comments.move({id: place for id, place in places.items() if id in detached})

    def _detached(self) -> set[str]:
        """The threads whose words are gone."""
        return {each.thread.id for each in self._comments.all() if each.place is None}

    def _commented(self, start: int, stop: int) -> list[Commented]:
        """The passages that lie between two positions as a whole."""
        found: list[Commented] = []
        units, behind = 0, start
        for id, (at, to) in self._standing(start, stop).items():  # in their order, so that the text is read once
            units += utf16_length(plain_text(as_suggested(self._document.spans(behind, at))))
            behind = at
            found.append(Commented(id, units, plain_text(as_copied(self._document.spans(at, to)))))
        return found

    def _brought(self, commented: Sequence[Commented], start: int, stop: int) -> None:
        """Puts the threads whose words were cut out and pasted where these are now; those of a copy stay."""
        detached = self._detached()
        cut = [each for each in commented if each[0] in detached]
        text = _in_units(self._document.rope.text(start, stop)) if cut else ""
        places: dict[str, Place] = {}
        for thread, at, words in cut:
            stood = _in_units(words)
            found = [each for each in (text.rfind(stood, 0, at + len(stood)), text.find(stood, at)) if each >= 0]
            if found:
                place = start + min(found, key=lambda each: abs(each - at))
                places[thread] = Utf16(place), Utf16(place + len(stood))
        self._comments.move(places)


def _in_units(text: str) -> str:
    """A text of as many characters as it has UTF-16 units, so that places in it are positions."""
    return re.sub("[\U00010000-\U0010ffff]", lambda found: found[0] + "\0", text)
