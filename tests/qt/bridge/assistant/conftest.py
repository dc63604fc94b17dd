"""What tests of the assistant's process have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cowrite.bridge.assistant.assistant_process import AssistantProcess
from helpers.carried import FILE
from helpers.fake_worker import FakeWorker


@pytest.fixture
def assistant(qapp: object) -> Iterator[Callable[..., AssistantProcess]]:
    made: list[AssistantProcess] = []

    def make(worker: FakeWorker | None = None, **options: Any) -> AssistantProcess:
        process = AssistantProcess(command=(worker or FakeWorker()).command(), **options)
        process.use(FILE)
        made.append(process)
        return process

    yield make
    for process in made:
        process.end()
