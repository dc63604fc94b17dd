"""How the process writes its log: lines for people, or JSON for programs. Secrets are in neither."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from cowrite_server.settings import LogFormat, LogLevel

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


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
        return json.dumps(content, default=str, ensure_ascii=False)


def write_logs(form: LogFormat, level: LogLevel) -> None:
    """Sends the log of this process to standard error.

    Only this package's own lines are written below warnings: at their most talkative, the libraries log whole requests,
    and the secrets in them.
    """
    handler = logging.StreamHandler(sys.stderr)
    if form is LogFormat.JSON:
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("cowrite_server").setLevel(level.upper())
    # The store says once that the database is away; the library would say it several times a second, in two lines.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
