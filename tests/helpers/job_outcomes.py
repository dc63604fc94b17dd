"""Jobs of the assistant's process in the app, and what comes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.tasks.jobs import Job
from cowrite.bridge.assistant.carried_job import CarriedJob
from cowrite.own_process import own_process


def outcome(qtbot: Any, job: CarriedJob) -> Any:
    """What comes of a job: its result, its problem, or None where it was stopped."""
    found: list[Any] = []
    job.done.connect(found.append)
    job.failed.connect(found.append)
    job.stopped.connect(lambda: found.append(None))
    qtbot.waitUntil(lambda: bool(found))
    assert len(found) == 1
    return found[0]


def nothing_but(result: int) -> Job[int]:
    """A job that asks for nothing."""
    yield from ()
    return result


def reason(problem: Any) -> Reason:
    assert isinstance(problem, AssistantProblem), problem
    return problem.reason


def scripted(folder: Path, *, gated: bool = False, does: str = "") -> list[str]:
    """The real worker with a scripted model."""
    rule = {"answer": "once upon a time", "gated": gated, "does": does, "after": 2}
    script = folder / "script.json"
    script.write_text(json.dumps({"rules": [rule], "scores": {"b": -1.0}}))
    return [*own_process("cowrite.worker"), "--scripted", str(script)]
