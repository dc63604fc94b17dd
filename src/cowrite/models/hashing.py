"""SHA-256 of files that are too large to be read at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cowrite.models.errors import Cancelled
from cowrite.models.progress import IsCancelled, Progress, Report, never, unheard

SHORT = 12  # digits of a SHA-256 by which people tell files apart
CHUNK = 2**20  # bytes that are read at once: small enough to be ended soon


def sha256_of(
    path: Path, *, doing: str = "Checking", report: Report = unheard, is_cancelled: IsCancelled = never
) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
        Cancelled: somebody ended it.
    """
    digest = hashlib.sha256()
    feed(digest, path, doing=doing, report=report, is_cancelled=is_cancelled)
    return digest.hexdigest()


def feed(digest: hashlib._Hash, path: Path, *, doing: str, report: Report, is_cancelled: IsCancelled) -> int:
    """Takes a whole file into a hash and gives its length in bytes.

    Raises:
        OSError: it cannot be read.
        Cancelled: somebody ended it.
    """
    done, total = 0, path.stat().st_size
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if is_cancelled():
                raise Cancelled(path.name)
            digest.update(chunk)
            done += len(chunk)
            report(Progress(done, max(done, total), doing))
    return done
