"""Deeds: which marks of suggested changes the person here has set, taken away and turned back in this copy.

Pure. For example, this person accepts a change, which takes its mark away, while somebody writes in the middle of it.
In Yjs the mark then lies over all that follows. It is known here that the change is decided, so that is put right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from typing import Any

from cowrite.core.marks.belonging import Belonging
from cowrite.core.marks.turns import Turn
from cowrite.core.text.richtext import DELETION, INSERTION, Attributes

Mark = tuple[str, Any]
"""Its name, INSERTION or DELETION, and the id of its change."""

MARKS = (INSERTION, DELETION)
"""The names of such marks."""


class Deeds:
    """What one person has done to marks of suggested changes.

    Args:
        belonging: says how changes are decided on.

    Attributes:
        decided: marks of what the person has decided on, and not taken that back.
        opened: marks that their undo or redo has laid again, and when and by whom the change was decided on then.
        undone: marks that they have set and turned back.
        typed_beside: marks beside which they have written.
    """

    def __init__(self, belonging: Belonging) -> None:
        self.decided: set[Mark] = set()
        self.opened: dict[Mark, tuple[Any, ...]] = {}
        self.undone: set[Mark] = set()
        self.typed_beside: set[Mark] = set()
        self._belonging = belonging
        self._set: set[Mark] = set()  # on text that was there
        self._taken: set[Mark] = set()
        self._settled: set[Any] = set()  # insertions that were taken for text like all other
        # What is to go right behind where this person has set or taken away such a mark: how it was decided on then.
        self._behind: dict[str, tuple[Any, ...]] = {}

    def sets(self, name: str, id: str) -> None:
        """They set the mark of a change on text that is there."""
        self._set.add((name, id))
        self.undone.discard((name, id))
        self.decided.discard((name, id))

    def takes(self, name: str, ids: Set[Any]) -> None:
        """They take the marks of changes away, as who decides does."""
        marks = {(name, id) for id in ids}
        self._taken |= marks
        self.decided |= marks
        for mark in marks:
            self.opened.pop(mark, None)
        if name == INSERTION:
            self._settled |= ids

    def touches(self, id: str) -> None:
        """They set or take away what is to go right before text that is to go in a change."""
        self._behind[id] = self._belonging.decision_on(id)

    def touched(self) -> set[str]:
        """The changes on whose text right behind theirs somebody has decided since; each is named once."""
        ended = {id for id, was in self._behind.items() if self._belonging.decision_on(id) != was}
        for id in ended:
            del self._behind[id]
        return ended

    def types(self, left: Attributes, attributes: Attributes) -> None:
        """They write behind text with a mark: that is taken away before it and set behind it."""
        marks = {(name, left[name]) for name in MARKS if isinstance(left.get(name), str)}
        self.typed_beside |= {(name, mark) for name, mark in marks if attributes.get(name) != mark}

    def others_decide(self, name: str, id: Any) -> None:
        """Others have decided on a change: they may also take that back."""
        self.undone.discard((name, id))
        self.opened.pop((name, id), None)
        if name == INSERTION:
            self._settled.add(id)

    def undoes(self, turned: Iterable[Turn], turns: Collection[Turn], *, is_redo: bool) -> None:
        """Their undo or redo has turned marks.

        Args:
            turned: what the library has done.
            turns: what becomes of that.
            is_redo: whether it was a redo.
        """
        ids = [(each.name, id) for each in turned for id in (each.was, each.now)]
        ids += [(each.name, id) for each in turns if each.wanted != each.was for id in (each.was, each.wanted)]
        marks = {(name, hashable(id)) for name, id in ids if id is not None}
        self.undone = self.undone - marks if is_redo else self.undone | (marks & self._set)

    def decides_again(self, turned: Iterable[Turn]) -> None:
        """Their undo or redo has taken decisions back, or made them again."""
        for each in turned:
            self.decided.discard((each.name, hashable(each.now)))
            if each.now is None and (each.name, hashable(each.was)) in self._taken:
                self.decided.add((each.name, hashable(each.was)))
                if each.name == INSERTION:
                    self._settled.add(hashable(each.was))

    def opens_again(self, turns: Iterable[Turn]) -> Iterator[tuple[Turn, str]]:
        """Their undo or redo has laid marks again, or taken them away again; gives what is to come in again."""
        for each in turns:
            if each.was != each.wanted:
                self.opened.pop((each.name, hashable(each.was)), None)
                if mark := hashable(each.wanted):
                    self.opened[each.name, mark] = self._belonging.decision_on(mark)
            if each.name == INSERTION and (mark := hashable(each.wanted)):
                self._settled.discard(mark)
                yield each, mark

    def is_settled(self, id: Any) -> bool:
        """Whether what came in with a change was taken for text like all other."""
        return id in self._settled

    def is_cut_off(self, turned: Turn) -> bool:
        """Whether what stands behind text that others have written has lost a mark that was laid again only since they
        did not see that, and nobody has decided anew."""
        mark = turned.name, hashable(turned.was)
        return turned.now is None and self.opened.get(mark) == self._belonging.decision_on(mark[1])

    def is_stray(self, turned: Turn, *, is_redo: bool) -> bool:
        """Whether an undo or redo has turned a mark which the person has never set or taken away here."""
        name, was, now = turned.name, hashable(turned.was), hashable(turned.now)
        if name == DELETION:  # never in text that comes and goes itself
            is_known = (name, now) in (self._set if is_redo else self._taken)
        else:
            is_known = self._is_known(name, now)
        return (was is not None and not self._is_known(name, was)) or (now is not None and not is_known)

    def _is_known(self, name: str, id: Any) -> bool:
        return (name, id) in self._set or (name, id) in self._taken

    def has_taken(self, name: str, id: Any) -> bool:
        """Whether they have ever taken the mark of a change away."""
        return (name, hashable(id)) in self._taken


def hashable(value: Any) -> Any:
    """The id in a mark, or what stands for anything else that another program has written in its place."""
    return value if value is None or isinstance(value, str) else ""
