"""Actions: what somebody will do, most of it because it was decided, in the root `board`.

Runs on the document's thread.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cowrite.core.board.series import Series
from cowrite.core.entries.entries import Written
from cowrite.core.entries.fields import Fields, text, truth, whole
from cowrite.core.entries.steps import Steps
from cowrite.core.text.model_words import is_of_model
from cowrite.core.text.origin import Origin


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody will do.

    Attributes:
        id: "action:" and a random part.
        what: what is done.
        when: the occasion ("If it is Monday"), or empty.
        owner: who does it.
        due: until when (YYYY-MM-DD), or empty.
        is_done: whether it is.
        decision: the id of the decision it follows from, or empty.
        session: the id of the session it was agreed in, or empty.
        created: milliseconds since 1970.
        model_text: what the model wrote of what is done, whatever people have made of it since; empty for a person's.
    """

    id: str
    what: str
    when: str = ""
    owner: str = ""
    due: str = ""
    is_done: bool = False
    decision: str = ""
    session: str = ""
    created: int = 0
    model_text: str = ""

    @property
    def is_of_model(self) -> bool:
        """Whether what is done is said in words of the model."""
        return is_of_model(self.what, self.model_text)


class Actions(Series[Action]):
    """The actions of a document."""

    kind = "action"

    @property
    def steps(self) -> Steps:
        """What this person has done to them, and to the board, to be taken back."""
        return self._entries.steps

    def add(self, action: Action, origin: Origin = Origin.LOCAL) -> str:
        """Puts an action down, and gives its id."""
        id = action.id or self._new_id()
        fields = {**_fields(action), "what": Written(action.what), "created": action.created or self._clock()}
        self._entries.add(id, fields, origin)
        return id

    def change(self, action: Action) -> None:
        """Makes an action what it is here.

        Raises:
            NoSuchEntry: it is not there.
        """
        self._entries.change(action.id, _fields(action))

    def remove(self, id: str) -> None:
        """Takes an action away.

        Raises:
            NoSuchEntry: it is not there.
        """
        self._entries.remove(id)

    @staticmethod
    def _value(id: str, fields: Fields) -> Action:
        return Action(
            id=id,
            is_done=truth(fields, "is_done"),
            created=whole(fields, "created"),
            **{name: text(fields, name) for name in _STRINGS},
        )


_STRINGS = ("what", "when", "owner", "due", "decision", "session", "model_text")


def _fields(action: Action) -> dict[str, Any]:
    fields = asdict(action)
    del fields["id"]
    if not action.model_text:
        del fields["model_text"]
    return fields
