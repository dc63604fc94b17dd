"""SharedQuestions: asks the server of a shared document, and tells the answers on the GUI thread.

Runs on the GUI thread, like the questions themselves; the messages travel as all others do, by way of
`bridge.shared.document`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QTimer

from cowrite.sync.questions import Questions

Asked = TypeVar("Asked", bound=Questions[Any])
P = ParamSpec("P")


def asking(ask: Callable[Concatenate[Asked, P], None]) -> Callable[Concatenate[SharedQuestions[Asked], P], None]:
    """A method that asks a question, and has it sent."""

    def method(shared: SharedQuestions[Asked], /, *args: P.args, **kwargs: P.kwargs) -> None:
        ask(shared._questions, *args, **kwargs)
        shared._asked()

    return method


class SharedQuestions(QObject, Generic[Asked]):
    """The questions of one kind. Each is answered by exactly one of its two functions, and later.

    Args:
        questions: what is asked, without I/O.
        send: has what is to be sent sent, and `tell` called, soon.
        parent: Qt parent.
    """

    def __init__(self, questions: Asked, send: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._send = send

    def tell(self) -> None:
        """Tells what has come of questions."""
        self._questions.tell()

    def end(self) -> None:
        """The document is not shared any more: answers what is open."""
        self._questions.disconnected()
        self.tell()

    def _asked(self) -> None:
        """Has what was asked sent, or answered where there is nobody to ask."""
        if self._questions.problem is None:
            self._send()
        else:  # whoever asked is answered later all the same
            QTimer.singleShot(0, self, self.tell)
