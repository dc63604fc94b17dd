"""Keys: the links and invites in force, and how they are kept.

Runs on the GUI thread; the file is read and written on the storage thread once the first of them are there.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import reduce
from pathlib import Path

from cowrite.errors import CowriteError
from cowrite.storage.errors import failures_of
from cowrite.storage.lock import FileLock
from cowrite.storage.sharing import Sharing, load_sharing, save_sharing
from cowrite.sync.link import Link

PATIENCE = 2.0  # seconds to wait while another cowrite writes its keys

_log = logging.getLogger(__name__)


class KeysNotKept(CowriteError):
    """Keys are not in their file; they are known as long as cowrite runs."""

    def __init__(self, error: CowriteError) -> None:
        super().__init__(
            f"{error} Links and invitations that were made just now are lost when cowrite ends before that."
        )


class Keys:
    """The keys of the person.

    Args:
        path: their file.
        keep: has that written on the storage thread, and again where it fails; see `Keeping`.
    """

    def __init__(self, path: Path, keep: Callable[[Callable[[], None]], object]) -> None:
        self._path = path
        self._keep = keep
        self._unkept: deque[Callable[[Sharing], Sharing]] = deque()  # changes that are not in the file, in their order
        self._problem = ""
        self._sharing = self._stored()

    @property
    def sharing(self) -> Sharing:
        """All keys."""
        return self._sharing

    @property
    def problem(self) -> str:
        """One sentence where the file could not be read at the start; else empty."""
        return self._problem

    def leads_here(self, link: Link) -> bool:
        """Whether a link leads to a document that this computer hosts; who takes over has a room of the same name."""
        if link.room not in self._sharing.hosted.values():
            return False
        is_invited = any((each.room, each.secret) == (link.room, link.secret) for each in self._sharing.invites)
        return is_invited or (link.stays_here and link.port == self._sharing.port)

    def member_secret(self, link: Link) -> str:
        """The secret by which the server behind a link knows this person again; a new one for a server that is new."""
        place = link.room if self.leads_here(link) else link.place
        if place not in self._sharing.members:
            from cowrite.sync.identity import new_member_secret  # needed with the first link only

            secret = new_member_secret()
            self.change(lambda sharing: sharing.with_member(place, secret))
        return self._sharing.members[place]

    def change(self, change: Callable[[Sharing], Sharing]) -> None:
        """Changes the keys and keeps them; what goes wrong is said and logged.

        Args:
            change: gives the changed keys, the same ones where it is made a second time.
        """
        self._sharing = change(self._sharing)
        self._unkept.append(change)
        self._keep(self._store)

    def _store(self) -> None:
        """Runs on the storage thread: puts all changes into the file that are not there."""
        changes, known = list(self._unkept), self._sharing
        try:
            with failures_of(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path, patience=PATIENCE):  # another cowrite of this person may have put keys in
                stored = load_sharing(self._path)
                changed = reduce(lambda sharing, change: change(sharing), changes, stored)
                save_sharing(self._path, changed if stored.kept_aside is None else known)
        except CowriteError as error:
            _log.warning("keys are not kept: %s", error)  # here: when cowrite has ended, nobody tells of it any more
            raise KeysNotKept(error) from error
        for _ in changes:
            self._unkept.popleft()

    def _stored(self) -> Sharing:
        try:
            sharing = load_sharing(self._path)
        except CowriteError as error:
            _log.warning("no keys: %s", error)
            self._problem = str(error)
            return Sharing()
        if sharing.kept_aside is not None:
            self._problem = (
                "The file with your links and invitations was damaged, so documents are not shared again by "
                f"themselves; it is kept as “{sharing.kept_aside}”. Share or join them again."
            )
        return sharing
