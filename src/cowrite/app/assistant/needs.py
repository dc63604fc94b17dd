"""Needs: what the assistant of one Application is given.

There from the start, so it loads nothing of the assistant.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from cowrite.app.choices import Choices
from cowrite.app.sharing.keys import Keys
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.paths import Paths

if TYPE_CHECKING:
    from cowrite.bridge.assistant.assistant_process import AssistantProcess

MakeProcess = Callable[[QObject], "AssistantProcess"]


def _usual_process(parent: QObject) -> AssistantProcess:
    from cowrite.bridge.assistant.assistant_process import AssistantProcess

    return AssistantProcess(parent)


def _engine_is_here() -> bool:
    from importlib.util import find_spec

    return find_spec("llama_cpp") is not None


class Needs(NamedTuple):
    """What it is made with.

    Attributes:
        choices: whether it is on, and which model it uses.
        paths: where this person's files are.
        storage: where files are written.
        keys: has the key of the endpoint.
        make_process: makes what speaks with the worker.
        engine_is_here: whether the engine is installed; it is not loaded for that.
        clock: seconds, monotonic.
    """

    choices: Choices
    paths: Paths
    storage: StorageThread
    keys: Keys
    make_process: MakeProcess = _usual_process
    engine_is_here: Callable[[], bool] = _engine_is_here
    clock: Callable[[], float] = time.monotonic
