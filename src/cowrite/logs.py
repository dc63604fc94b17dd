"""Log files: what happened, for whoever has to find out why. Never what people wrote, and no secrets.

Code keeps to it by logging names, numbers and paths. Two nets are below it: libraries log from WARNING up only, since
some show the bytes of every message at lower levels; and what looks like a secret is blotted out in every line.
"""

from __future__ import annotations

import logging
import re
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_FILE_SIZE = 1_000_000  # bytes
KEPT_FILES = 3  # besides the current one
MAX_LINE = 4_000  # characters of one record, its traceback included

_OURS = ("cowrite", "cowrite_server")
_FORMAT = "%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"
_SECRETS = re.compile(
    r"""(?ix)
    ( \b(?:bearer|basic) \s+                                          # Authorization: Bearer SECRET
    | (?:key|token|secret|password|passwd|ticket)["']? \s* [=:] \s* ["']?   # ?key=SECRET, "token": "SECRET"
    | \b(?:cowrites?|wss?):// [^\s\#]* \#                            # cowrite://host:1234/room#SECRET
    | :// [^\s/@:]* :                                                 # ://user:SECRET@
    ) [^\s"'&,;@#<>)}\]]+
    """
)


class LogFile(RotatingFileHandler):
    """Writes to a log file that is renewed when it is full, and owns the handler that writes warnings to stderr.

    `close` takes both away again.
    """

    def __init__(self, path: Path, console: logging.Handler) -> None:
        """Opens the file.

        Raises:
            OSError: it cannot be written.
        """
        super().__init__(path, maxBytes=MAX_FILE_SIZE, backupCount=KEPT_FILES, encoding="utf-8", errors="replace")
        self._console = console

    def doRollover(self) -> None:  # noqa: N802 - overrides logging's name
        """Renews the file, or goes on with it while another cowrite has it open (Windows refuses to rename it)."""
        try:
            super().doRollover()
        except OSError:
            if self.stream is None:
                self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - overrides logging's name
        """Loses a record that the disk does not take, which is said where it keeps words from being saved."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)

    def close(self) -> None:
        """Takes this handler and the one for stderr away."""
        root = logging.getLogger()
        root.removeHandler(self)
        root.removeHandler(self._console)
        with suppress(OSError):  # what the disk did not take is written once more
            super().close()


class _BlottingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        kept = _SECRETS.sub(r"\1***", line[:MAX_LINE])
        return kept if len(line) <= MAX_LINE else f"{kept} … ({len(line) - MAX_LINE} more)"


def start_logging(folder: Path) -> logging.Handler:
    """From now on, our records from INFO up go to `folder/cowrite.log`, and everybody's warnings to stderr as well.

    Args:
        folder: made when it is not there.

    Returns:
        The handler; its `close` ends the logging. Where the file cannot be written, the one for stderr, after a
        warning there.
    """
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for ours in _OURS:
        logging.getLogger(ours).setLevel(logging.INFO)
    formatter = _BlottingFormatter(_FORMAT)
    # Under pythonw.exe there is no stderr.
    console = logging.StreamHandler(sys.stderr) if sys.stderr is not None else logging.NullHandler()
    console.setLevel(logging.WARNING)
    console.setFormatter(formatter)
    root.addHandler(console)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = LogFile(folder / "cowrite.log", console)
    except OSError as error:
        logging.getLogger(__name__).warning("No log file: %s", error)
        return console
    file.setFormatter(formatter)
    root.addHandler(file)
    return file
