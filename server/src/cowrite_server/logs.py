"""How the process writes its log: lines for people, or JSON for programs. Secrets are in neither."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from queue import Full, Queue

from cowrite_server.settings.settings import LogFormat, LogLevel

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_STANDARD_ERROR = 2

_LINES_AT_MOST = 10_000
"""Lines that may wait to be written."""

_FLUSH_SECONDS = 0.2


class TextFormatter(logging.Formatter):
    """One line a record, for people, with its time in UTC; a traceback follows on lines of its own."""

    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        """There is one form alone."""
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self.converter = time.gmtime  # local time has an hour twice a year, and does not say which one it is

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the spelling of logging
        """What stands before a traceback: of a client, with its address at the end. What a stranger may have sent
        begins no line and moves no cursor."""
        line = super().formatMessage(record)
        if (address := getattr(record, "address", None)) is not None:
            line = f"{line} (from {address})"
        return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        content: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        content |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            content["exception"] = self.formatException(record.exc_info)
        return json.dumps(content, default=str)  # in ASCII: an encoding that lacks a letter would make it no JSON


class LineHandler(logging.Handler):
    """Writes lines into a file on a thread of its own.

    Whoever reads a log through a pipe may stop reading; a server that wrote into it by itself would stand still then.
    """

    def __init__(self, file: int, encoding: str) -> None:
        """A handler that has written nothing yet.

        Args:
            file: number of an open file. Not one of Python's own, whose lock the thread would hold when all ends.
            encoding: of the text in it.
        """
        super().__init__()
        self._file = file
        self._encoding = encoding
        self._lines: Queue[str] = Queue(_LINES_AT_MOST)
        self._missed = 0
        threading.Thread(target=self._write, name="log lines", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Has a record written soon; where very many wait, it is left out."""
        try:
            if self._missed:
                words = "Nobody read the log in time, so %d lines are missing here."
                missed = logging.LogRecord(__name__, logging.WARNING, "", 0, words, (self._missed,), None)
                self._lines.put_nowait(self.format(missed))
                self._missed = 0
            self._lines.put_nowait(self.format(record))
        except Full:
            self._missed += 1
        except Exception:  # noqa: BLE001 - as every handler does: what is logged ends nothing
            self.handleError(record)

    def flush(self) -> None:
        """Waits until everything is written, and not for somebody who does not read."""
        with self._lines.all_tasks_done:
            self._lines.all_tasks_done.wait_for(lambda: not self._lines.unfinished_tasks, _FLUSH_SECONDS)

    def _write(self) -> None:
        while True:
            rest = f"{self._lines.get()}{os.linesep}".encode(self._encoding, "backslashreplace")
            with suppress(OSError):  # there is no other place to say so
                while rest:
                    rest = rest[os.write(self._file, rest) :]
            self._lines.task_done()


def _encoding() -> str:
    """How text is written to standard error by its number: Python's own way to a console of Windows is another one."""
    console = os.device_encoding(_STANDARD_ERROR)
    return console or getattr(sys.stderr, "encoding", None) or "utf-8"


def write_logs(form: LogFormat, level: LogLevel) -> logging.Handler:
    """Sends the log of this process to standard error; gives what writes it.

    Only this package's own lines are written below warnings: at their most talkative, the libraries log whole requests,
    and the secrets in them.
    """
    handler = LineHandler(_STANDARD_ERROR, _encoding())
    handler.setFormatter(JsonFormatter() if form is LogFormat.JSON else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("cowrite_server").setLevel(level.upper())
    return handler
