"""Struck: what this person has suggested to go, and what others do there before they see it.

Runs on the document's thread. In Yjs a mark reaches from where it is set to where it is taken away. So it lies over
what others wrote in between before they saw it, and is carried on behind that; where the mark of somebody else ends,
this one ends as well; and where somebody decides on it while more is suggested to go right before it, its end is gone,
and it lies over all the rest of the text. Whoever has set it knows better: nobody has asked for those words to go, and
as long as nobody has decided, nobody else sets or takes away this mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cowrite.core.ai_marks import Runs
from cowrite.core.belonging import Belonging
from cowrite.core.fields import whole
from cowrite.core.richtext import DELETION, Span, utf16_length
from cowrite.core.step_marks import Stayed
from cowrite.core.structs import Id
from cowrite.core.turns import Spans, Turn, held_parts

MOST_GONE = 10_000
"""Characters that are known of what others took away of one change."""


class Struck:
    """What one copy of a document knows of it.

    Args:
        client: its client id.
        belonging: which text is of which change.
    """

    def __init__(self, client: int, belonging: Belonging) -> None:
        self._client = client
        self._belonging = belonging
        self._taken: set[tuple[str, str]] = set()  # by the id of the change: what others took away in one of theirs
        # By the id of the change: how it was decided on before more was suggested in it, and what others took away.
        self._decisions: dict[str, tuple[Any, Any]] = {}
        self._gone: dict[str, str] = {}
        # The same: what was suggested to go by its first ids; None where that was too much to look.
        self._texts: dict[str, list[tuple[Id, int]] | None] = {}

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self._decisions)

    def sets(self, id: str) -> None:
        """This person suggests text to go in a change."""
        self._decisions[id] = self._belonging.decision_on(id)

    def strikes(self, id: str, stayed: Sequence[Stayed] | None) -> None:
        """This person has suggested text to go in a change.

        Args:
            id: of the change.
            stayed: the text; None where it was too much to look.
        """
        texts = self._texts.setdefault(id, [])
        if stayed is None or texts is None:
            self._texts[id] = None
        else:
            texts += ((each.id, utf16_length(each.text)) for each in stayed)

    def strange(self, turned: Turn, runs: Runs, spans: Spans) -> Iterator[Turn]:
        """The parts of text over which others' changes have laid the mark of a change that was begun here, and which
        was never to go in it."""
        texts = self._texts.get(turned.now) if turned.name == DELETION and turned.was is None else None
        if not texts or whole(self._belonging.entry_of(turned.now), "client") != self._client:
            return
        at = turned.at
        text = "".join(span.text for span in spans(at, at + turned.units))
        for units, run in runs(at, text):
            for offset, length, is_meant in held_parts(run, units, texts):
                if not is_meant and not self._belonging.comes_from(Id(run.client, run.clock + offset), texts):
                    yield turned._replace(at=at + offset, units=length, wanted=None)
            at += units

    def goes(self, spans: Iterable[Span]) -> None:
        """Takes note of text that others take away, before it is."""
        for span in spans:
            id = span.attributes.get(DELETION)
            if isinstance(id, str) and id in self._decisions:
                self._taken.add((id, span.text))
                self._gone[id] = (self._gone.get(id, "") + span.text)[-MOST_GONE:]

    def has(self, id: Any) -> bool:
        """Whether this person has suggested text to go in a change."""
        return id in self._decisions

    def is_open(self, id: Any) -> bool:
        """Whether they have begun it as well, and nobody has decided on it since."""
        if id not in self._decisions or self._decisions[id] != self._belonging.decision_on(id):
            return False
        return whole(self._belonging.entry_of(id), "client") == self._client

    def forget(self) -> None:
        """What others do next is another change of theirs."""
        self._taken.clear()

    def comes_back(self, id: str, first: Id, text: str) -> bool:
        """Whether text with the mark of a change is what somebody moves or brings back, and not what they wrote in its
        place.

        Args:
            id: of the change.
            first: of the text's first unit.
            text: its characters.
        """
        if self._belonging.source_of(first) is None:
            return (id, text) in self._taken
        return id not in self._decisions or text in self._gone.get(id, "")
