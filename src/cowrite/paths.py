"""Where cowrite keeps its files on this computer, and where it finds those that it came with."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

import platformdirs

from cowrite.errors import CowriteError

HOME_VARIABLE = "COWRITE_HOME"
"""Environment variable: a folder below which everything is kept, for tests, demos and portable installations."""


class ResourcesMissing(CowriteError):
    """The files that cowrite came with are not where they should be.

    Attributes:
        searched: the folders that were looked for.
    """

    def __init__(self, searched: tuple[Path, ...]) -> None:
        places = ", ".join(f"“{path}”" for path in searched)
        super().__init__(f"The installation is incomplete: there is none of {places}. Install cowrite again.")
        self.searched = searched


class FolderMissing(CowriteError):
    """One of the folders that cowrite keeps its files in is not there and cannot be made.

    Attributes:
        folder: it.
        reason: why, in a few words.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The folder “{folder}”, in which cowrite keeps its files, cannot be made: {reason}. Make it yourself, or "
            f"name another place in the environment variable {HOME_VARIABLE}."
        )
        self.folder = folder
        self.reason = reason


class HomeUnknown(CowriteError):
    """Nothing says where a person's files are: the system does not know the person, as in some containers."""

    def __init__(self) -> None:
        super().__init__(
            "Your home folder is not known, so there is no place for your files. Set the environment variable HOME, or "
            f"{HOME_VARIABLE} to a folder that is there."
        )


class Paths(NamedTuple):
    """The folders for one person's files. None of them has to exist; `make` makes them.

    Attributes:
        library: documents, unless they are saved elsewhere.
        data: what must not be lost: models, blobs, hosted rooms.
        config: settings.
        state: the session to restore.
        cache: what can be made again: the search index.
        log: log files.
    """

    library: Path
    data: Path
    config: Path
    state: Path
    cache: Path
    log: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """This system's folders, or those below COWRITE_HOME.

        Args:
            environ: the process's environment, `os.environ`.

        Raises:
            HomeUnknown: there are none.
        """
        try:
            return cls._of(environ)
        except RuntimeError as error:  # of pathlib and of platformdirs alike
            raise HomeUnknown from error

    @classmethod
    def _of(cls, environ: Mapping[str, str]) -> Self:
        if home := environ.get(HOME_VARIABLE):
            root = Path(home).expanduser().absolute()
            return cls(root / "library", root / "data", root / "config", root / "state", root / "cache", root / "log")
        # No author: Windows would put one more folder of the same name around each.
        folders = platformdirs.PlatformDirs("cowrite", appauthor=False, roaming=False)
        return cls(
            library=folders.user_documents_path / "cowrite",
            data=folders.user_data_path,
            config=folders.user_config_path,
            state=folders.user_state_path,
            cache=folders.user_cache_path,
            log=folders.user_log_path,
        )

    def make(self) -> None:
        """Makes the folders that are not there.

        Other people of this computer see into none but the library, which is as the system makes folders: in the others
        are words of all documents, too.

        Raises:
            FolderMissing: one cannot be made.
        """
        for folder in self:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise FolderMissing(folder, error.strerror or str(error)) from error
            if folder != self.library:
                with suppress(OSError):  # it is somebody else's
                    folder.chmod(0o700)

    @property
    def quick_logs(self) -> Path:
        """The folder of `storage.document.quick_log`."""
        return self.data / "unwritten"

    @property
    def originals(self) -> Path:
        """The folder of `storage.library.originals`."""
        return self.data / "originals"

    @property
    def histories(self) -> Path:
        """The folder of `sync.history_folder`."""
        return self.data / "histories"

    @property
    def sealed(self) -> Path:
        """The folder of `storage.sealed_items`."""
        return self.data / "sealed"

    @property
    def half_notes(self) -> Path:
        """The folder of `storage.half_notes`."""
        return self.data / "half-notes"

    @property
    def decided_changes(self) -> Path:
        """The folder of `app.changes.kept_decisions`."""
        return self.data / "decided-changes"

    @property
    def models(self) -> Path:
        """The folder of `models.store`."""
        return self.data / "models"

    @property
    def calibrations(self) -> Path:
        """The file of `models.calibrations`."""
        return self.state / "calibrations.json"

    @property
    def settings(self) -> Path:
        """The file of `storage.settings`."""
        return self.config / "settings.json"

    @property
    def style_card(self) -> Path:
        """The file of `assist.prompts.style_card`."""
        return self.config / "style-card.toml"

    @property
    def own_words(self) -> Path:
        """The file of `storage.own_words`."""
        return self.config / "words.txt"

    @property
    def prompts(self) -> Path:
        """The folder of the prompt files that a person has added."""
        return self.config / "prompts"

    @property
    def templates(self) -> Path:
        """The folder of the session templates that a person has added."""
        return self.config / "templates"

    @property
    def document_templates(self) -> Path:
        """The folder of a person's own document templates."""
        return self.config / "document-templates"

    @property
    def goals(self) -> Path:
        """The file of `storage.goals`."""
        return self.state / "goals.json"

    @property
    def session(self) -> Path:
        """The file of `storage.session`."""
        return self.state / "session.json"

    @property
    def running(self) -> Path:
        """The file of `app.start.second_start`, while cowrite runs."""
        return self.state / "running.json"

    @property
    def search_index(self) -> Path:
        """The file of `storage.library.search_index`."""
        return self.cache / "search.sqlite"


def resources() -> Path:
    """The folder of prompts, themes, icons, templates and the like, for reading only.

    Raises:
        ResourcesMissing: the installation is incomplete.
    """
    package: Path = Path(__file__).resolve().parent
    frozen: str | None = getattr(sys, "_MEIPASS", None)  # where PyInstaller unpacks to
    searched: tuple[Path, ...] = (
        *((Path(frozen) / "cowrite" / "resources", Path(frozen) / "resources") if frozen else ()),
        package / "resources",  # an installed wheel
        package.parents[1] / "resources",  # a checkout
    )
    for folder in searched:
        if folder.is_dir():
            return folder
    raise ResourcesMissing(searched)
