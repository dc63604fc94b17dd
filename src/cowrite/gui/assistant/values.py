"""What the assistant's panel and dialogs are told, and what they tell, as values.

Runs on the GUI thread. The widgets decide nothing: what a task is called, what it needs and what came of it is in
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.document.assists import AssistRecord

NO_ENGINE = "Its engine is not installed on this computer; “cowrite doctor” says how to get it."
"""What is said of a model on this computer before it is turned on."""


def offer_words(place: str) -> str:
    """Where the model that is offered runs, and what becomes of the text.

    Args:
        place: the host; empty for this computer.
    """
    if place:
        return f"with a language model at {place}. What it is asked, and the text around it, is sent there."
    return "with a language model that runs only on this computer. Nothing you write leaves it."


MOST_TOLD = 400  # characters of a text that are read out unasked


class Phase(StrEnum):
    """How the assistant stands in one window."""

    OFF = "off"
    """The person has not turned it on: nothing runs."""
    NO_MODEL = "no model"
    """It is on, and there is no model that it could use."""
    LOADING = "loading"
    READY = "ready"
    WAITING = "waiting"
    """Something was asked, and the model is busy with something else."""
    WORKING = "working"
    STOPPED = "stopped"
    """The model's process ended too often, so it is not started again by itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the assistant stands.

    Attributes:
        phase: the case.
        model: what the model in use is called; empty for none.
        place: the host to which the text goes; empty for this computer.
        sentence: what it does now, in words for people; empty for the phase's own words.
        done: 0 to 1 where it is known how far it is.
        reading: how many tokens of a long text the model has read, and of how many; None while it does not read one.
        may_stop: whether this window has asked for something that can be stopped.
        caution: what a person should know of the model in use, in one sentence; empty for nothing.
        has_engine: whether there is what a model runs on.
    """

    phase: Phase = Phase.OFF
    model: str = ""
    place: str = ""
    sentence: str = ""
    done: float | None = None
    reading: tuple[int, int] | None = None
    may_stop: bool = False
    caution: str = ""
    has_engine: bool = True


class Subject(StrEnum):
    """What a task works on."""

    SELECTION = "selection"
    DOCUMENT = "document"
    EITHER = "either"
    """The selection, or the whole document where nothing is selected."""


class Source(StrEnum):
    """Where the text is that a task works on."""

    DRAFT = "draft"
    """The selection, or the whole document where nothing is selected."""
    PASTED = "pasted"
    """A text from elsewhere, such as a transcript."""
    NOTES = "notes"
    """The notes that everybody has."""
    THREAD = "thread"
    """What was said in a thread of comments; chosen there."""


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """A task that can be chosen.

    Attributes:
        id: by which it is asked for.
        title: what it is called.
        tip: what it does, in one sentence.
        group: what it is listed under.
        subject: what it works on.
        asks: what it needs to be told, as the field says it, such as "Your question"; empty for nothing.
        may_be_silent: whether it can do without being told.
        sources: where its text may be; several are offered.
    """

    id: str
    title: str
    tip: str
    group: str
    subject: Subject = Subject.EITHER
    asks: str = ""
    may_be_silent: bool = False
    sources: tuple[Source, ...] = (Source.DRAFT,)


@dataclass(frozen=True, slots=True)
class Order:
    """What the person asks for: a task by its id, what they said to it, where its text is, and the text they pasted."""

    task: str
    words: str = ""
    source: Source = Source.DRAFT
    pasted: str = ""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One place where the proposal differs from the text: `old` is what stands there, `new` what is proposed."""

    id: int
    old: str
    new: str


Difference = tuple["str | Alteration", ...]
"""A passage in pieces: what stays as it is, and what is proposed to change."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of the document that an answer rests on. A lost one has no place any more."""

    id: int
    text: str
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """A decision that was found.

    Attributes:
        id: by which it is accepted.
        text: what it says.
        about: how far it is, whose it is and until when, in words.
        quotes: the words that show it.
        is_accepted: whether the person has taken it over.
    """

    id: int
    text: str
    about: str
    quotes: tuple[Quote, ...]
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task, complete or on its way.

    Attributes:
        title: what was asked for.
        text: what the model wrote; empty where there is a difference.
        difference: for a rewriting: what it proposes.
        quotes: for an answer: what it rests on.
        choices: for a task that offers several, each of them.
        decisions: for a search for decisions, those that were found.
        accepting: what the button says that accepts the whole; empty where nothing can be accepted.
        note: what the person should know of it, in one sentence.
        is_final: whether the model has ended.
        record: that goes with what is copied of the text; None while the model writes.
    """

    title: str = ""
    text: str = ""
    difference: Difference = ()
    quotes: tuple[Quote, ...] = ()
    choices: tuple[str, ...] = ()
    decisions: tuple[DecisionShown, ...] = ()
    accepting: str = ""
    note: str = ""
    is_final: bool = False
    record: AssistRecord | None = None

    @property
    def told(self) -> str:
        """What came of it, for whoever reads by ear: what there is to decide about, or how the text begins."""
        counted = (
            (len(self.alterations), "change", "proposed"),
            (len(self.choices), "proposal", "to choose from"),
            (len(self.decisions), "decision", "found"),
        )
        what = next((f"{n} {thing}{'s' * (n != 1)} {done}" for n, thing, done in counted if n), self.text[:MOST_TOLD])
        return ". ".join(part for part in (self.title, self.note, what) if part)

    @property
    def alterations(self) -> tuple[Alteration, ...]:
        """What can be accepted piece by piece."""
        return tuple(piece for piece in self.difference if isinstance(piece, Alteration))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the document: its beginning, and whether the model saw it."""

    id: int
    text: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What the model saw, and how fast it was.

    Attributes:
        paragraphs: of the document or the selection, in order.
        tokens: that the model read.
        reused: of these it had read before.
        pace: tokens that it wrote in a second; None while it has written none.
        is_suggestion: whether it was for a suggestion at the caret.
    """

    paragraphs: tuple[Paragraph, ...] = ()
    tokens: int = 0
    reused: int = 0
    pace: float | None = None
    is_suggestion: bool = False

    @property
    def seen(self) -> int:
        """How many paragraphs the model saw."""
        return sum(paragraph.is_seen for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of the model page.

    Attributes:
        id: by which it is chosen.
        name: as people call it.
        about: maker and what it is for, in a few words.
        licence: its name.
        size: of the file, in bytes.
        memory: that it needs, in bytes; 0 where that is not known.
        pace: tokens a second measured on this computer; None where it was not measured.
        is_here: whether the file is on this computer.
        is_sound: whether the file that is here is the one that was taken in, as far as that is known.
        is_in_use: whether the assistant uses it while it is on.
        is_off: whether the assistant is off, so that nothing is in use.
        is_own: whether the person added it, so that it cannot be got again.
        done: 0 to 1 while it is on its way here or being checked.
        doing: what is being done with it, in words; empty for nothing.
        problem: why the last act failed, in one sentence.
        fits: whether this computer has the memory.
        writes: whether it writes; one that does not compares texts, and is used as soon as it is here.
        stays: whether its file stays where it is when the model is removed.
        sha256: of the file, in hexadecimal; empty where it is not known.
        is_measurable: whether how fast it is can be measured now: it writes, and the assistant is on and uses it.
    """

    id: str
    name: str
    about: str = ""
    licence: str = ""
    size: int = 0
    memory: int = 0
    pace: float | None = None
    is_here: bool = False
    is_in_use: bool = False
    is_own: bool = False
    done: float | None = None
    doing: str = ""
    problem: str = ""
    fits: bool = True
    writes: bool = True
    is_measurable: bool = False
    stays: bool = False
    sha256: str = ""
    is_off: bool = False
    is_sound: bool = True


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that runs elsewhere: its address, the name by which it is asked for, and the key, if it wants one."""

    url: str = ""
    model: str = ""
    key: str = ""
    is_on: bool = False
