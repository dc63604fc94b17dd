"""How the process writes its log: lines for people, or JSON for programs. Secrets are in neither."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from cowrite_server.settings import LogFormat, LogLevel

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class TextFormatter(logging.Formatter):
    """One line a record, for people, with its time in UTC; a traceback follows on lines of its own."""

    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        """There is one form alone."""
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self.converter = time.gmtime  # local time has an hour twice a year, and does not say which one it is

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the spelling of logging
        """What stands before a traceback. What a stranger may have sent begins no line and moves no cursor."""
        line = super().formatMessage(record)
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


def write_logs(form: LogFormat, level: LogLevel) -> None:
    """Sends the log of this process to standard error.

    Only this package's own lines are written below warnings: at their most talkative, the libraries log whole requests,
    and the secrets in them.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form is LogFormat.JSON else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("cowrite_server").setLevel(level.upper())
    # The store says once that the database is away; the library would say it several times a second, in two lines.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
