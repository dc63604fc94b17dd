"""Why the model did not answer, in words for people."""

from __future__ import annotations

from enum import StrEnum

from cowrite.errors import CowriteError


def no_engine(why: str = "") -> str:
    """The sentence of Reason.NO_ENGINE.

    Args:
        why: what came of loading it; empty where nobody has tried.
    """
    known = f" ({why})" if why else ""
    return f"The assistant’s engine is not installed or does not load{known}; “cowrite doctor” says how to get it."


class Reason(StrEnum):
    """Why a request ended without an answer."""

    NO_MODEL = "no-model"
    """None has been chosen."""
    NOT_STARTED = "not-started"
    """The assistant's process cannot be started."""
    MIXED = "mixed"
    """The process is of another version than the app."""
    NOT_LOADED = "not-loaded"
    """The model cannot be loaded."""
    REFUSED = "refused"
    """The worker could not carry the request out."""
    DIED = "died"
    """The process ended while it worked on this."""
    CHANGED = "changed"
    """The person has chosen another model meanwhile."""
    BROKEN = "broken"
    """A mistake in the program."""
    OFF = "off"
    """The process has ended too often."""
    NO_ENGINE = "no-engine"
    """The engine is not installed, or does not load."""
    FOREIGN = "foreign"
    """The engine was built for another processor."""


SENTENCES: dict[Reason, str] = {
    Reason.NO_MODEL: "The assistant has no model yet; choose one in Assistant → Models.",
    Reason.NOT_STARTED: "The assistant’s process cannot be started; “cowrite doctor” says what is missing.",
    Reason.MIXED: "The assistant’s process and cowrite have different versions; restart cowrite, or install it anew.",
    Reason.NOT_LOADED: "The model cannot be loaded; choose another one in Assistant → Models.",
    Reason.REFUSED: "The assistant could not do this; try it with a shorter text.",
    Reason.DIED: "The assistant’s process ended while it worked on this; your text is untouched. Ask again.",
    Reason.CHANGED: "The model was replaced or removed meanwhile, so this was not finished.",
    Reason.BROKEN: "A mistake in cowrite kept the assistant from doing this; its log says more.",
    Reason.NO_ENGINE: no_engine(),
    Reason.FOREIGN: (
        "The assistant’s engine was built for another processor and cannot run on this one; your text is untouched. "
        "Build it anew with `python3 bootstrap.py setup`, then start the assistant again."
    ),
    Reason.OFF: (
        "The assistant’s process ended three times within five minutes, so it does not start again by itself; your "
        "text is untouched. Start it again in the assistant’s panel, perhaps with a smaller model."
    ),
}


class AssistantProblem(CowriteError):
    """A request to the model that was not answered.

    Attributes:
        reason: why.
        code: the worker's own name for it; empty where it has none.
    """

    def __init__(self, reason: Reason, code: str = "", sentence: str = "") -> None:
        super().__init__(sentence or SENTENCES[reason])
        self.reason = reason
        self.code = code
