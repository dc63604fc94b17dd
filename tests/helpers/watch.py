"""Watch: sees what must not happen in an application while something else drives it."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import QMessageLogContext, qInstallMessageHandler

OFFSCREEN = "This plugin does not support"  # what Qt without a display says of itself


class Watch:
    """Notes what must not happen: what Qt warns of, errors that nobody expected, errors in the log.

    Args:
        trail: what was done last.
    """

    def __init__(self, trail: Sequence[str]) -> None:
        self.wrong: list[str] = []
        self._trail = trail

    def note(self, what: str) -> None:
        """Notes something, with what was done before it."""
        self.wrong.append(f"{what}\n  after: {' | '.join(self._trail)}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notes until it is left."""
        log = _Log(self.note)
        before = qInstallMessageHandler(self._on_message)
        logging.getLogger().addHandler(log)
        try:
            with ExitStack() as stack:
                stack.enter_context(patch.object(sys, "excepthook", self._on_error))
                stack.enter_context(patch.object(sys, "unraisablehook", self._on_unraisable))
                stack.enter_context(patch.object(threading, "excepthook", self._on_unraisable))
                yield
        finally:
            logging.getLogger().removeHandler(log)
            qInstallMessageHandler(before)

    def _on_message(self, _kind: object, _context: QMessageLogContext, message: str) -> None:
        if OFFSCREEN not in message:
            self.note(f"Qt says on {threading.current_thread().name}: {message}")

    def _on_error(self, *error: Any) -> None:
        self.note("".join(traceback.format_exception(*error)))

    def _on_unraisable(self, error: Any) -> None:
        self._on_error(error.exc_type, error.exc_value, error.exc_traceback)


class _Log(logging.Handler):
    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        self._note(self.format(record))
