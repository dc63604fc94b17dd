"""Attempt: what is told while the model is at a work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from cowrite.app.assistant.attempt import Attempt
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Token
from cowrite.assist.tasks.carrying import Done, ReadingOn, StepDone, Stopped, Void
from cowrite.assist.tasks.jobs import Progress
from cowrite.bridge.assistant.carried_job import CarriedJob


class FakeAssistant:
    """Carries out one job, of which the test tells the news; its clock is the test's."""

    def __init__(self) -> None:
        self.now = 0.0
        self.process = self
        self.job = CarriedJob(SimpleNamespace(stop=lambda: None, is_at_work=False), lambda: None)

    def clock(self) -> float:
        return self.now

    def carry_out(self, make: Callable[[str], object]) -> CarriedJob:
        self.make = make
        return self.job

    def write(self, letters: str, seconds: float) -> None:
        """The model writes so many tokens, and takes so long for each."""
        for letter in letters:
            self.now += seconds
            self.job.tell(Token(letter))


class FakeWork:
    """Holds what the model has written."""

    def __init__(self) -> None:
        self.text = ""

    def job(self, model: str, _card: StyleCard) -> str:
        return f"job for {model}"

    def write(self, text: str) -> None:
        self.text += text

    def void(self) -> None:
        self.text = ""

    def progress(self, progress: Progress) -> None:
        self.text = progress.text


@pytest.fixture
def assistant(qapp: QApplication) -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def work() -> FakeWork:
    return FakeWork()


@pytest.fixture
def attempt(assistant: FakeAssistant, work: FakeWork) -> Iterator[Attempt]:
    parent = QObject()
    yield Attempt(work, StyleCard(), assistant.process, assistant.clock, parent)
    parent.deleteLater()


def test_the_pace_of_a_text_leaves_out_what_was_read_before_it(assistant: FakeAssistant, attempt: Attempt) -> None:
    paces: list[float] = []
    attempt.paced.connect(paces.append)
    assistant.write("one", 0.5)
    assert paces == [2, 2]
    assistant.job.tell(StepDone(None))
    assistant.now += 60
    assistant.write("two", 0.25)
    assert paces == [2, 2, 4, 4]


def test_it_is_told_once_that_the_model_has_begun(assistant: FakeAssistant, attempt: Attempt) -> None:
    told: list[bool] = []
    attempt.went_on.connect(lambda: told.append(attempt.has_begun))
    assert not attempt.has_begun
    for read in range(3):
        assistant.job.tell(ReadingOn(read, 3))
    assistant.write("word", 0.1)
    assert told == [True]


def test_of_a_long_reading_it_is_told_how_far_it_is_until_it_ends(assistant: FakeAssistant, attempt: Attempt) -> None:
    told: list[tuple[int, int] | None] = []
    attempt.went_on.connect(lambda: told.append(attempt.reading))
    assistant.now += 60  # the model is loaded
    assistant.make("a model")
    for _ in range(3):  # short ones, such as of each sentence of a text
        for read in (128, 256):
            assistant.now += 0.5
            assistant.job.tell(ReadingOn(read, 256))
    assert told == [None]
    for read in (128, 256, 384):
        assistant.now += 2
        assistant.job.tell(ReadingOn(read, 384))
    assert told[1:] == [(128, 384), (256, 384), None]
    assistant.now += 2
    assistant.job.tell(ReadingOn(128, 384))
    assistant.job.tell(Void())
    assert told[4:] == [(128, 384), None]


def test_it_has_not_begun_while_the_model_is_at_something_else(assistant: FakeAssistant, attempt: Attempt) -> None:
    assistant.job.tell(Progress(0, 1, "Writing"))
    assert not attempt.has_begun
    assistant.job.carrier.is_at_work = True
    assert attempt.has_begun


def test_each_piece_is_in_the_work_before_it_is_told(
    assistant: FakeAssistant, work: FakeWork, attempt: Attempt
) -> None:
    told: list[str] = []
    attempt.wrote.connect(lambda: told.append(work.text))
    assistant.write("ab", 0.1)
    assistant.job.tell(Progress(1, 2, "Judging", "AB"))
    assistant.write("c", 0.1)
    assert told == ["a", "ab", "AB", "ABc"]


def test_nothing_is_told_of_an_attempt_that_was_abandoned(assistant: FakeAssistant, attempt: Attempt) -> None:
    told: list[str] = []
    attempt.stopped.connect(lambda: told.append("stopped"))
    attempt.done.connect(lambda *_: told.append("done"))
    attempt.abandon()
    assistant.job.tell(Stopped())
    assert told == []


def test_the_result_is_told_with_the_model_that_gave_it(assistant: FakeAssistant, attempt: Attempt) -> None:
    told: list[tuple[object, object]] = []
    attempt.done.connect(lambda result, model: told.append((result, model)))
    assert assistant.make("a model") == "job for a model"
    assistant.job.tell(Done("result"))
    assert told == [("result", "a model")]
