"""Loads what the first window can do without, module by module, while nobody waits for it.

Runs on the GUI thread. A view, a panel or a window is loaded when it is first opened, so that the start does not wait
for it; without this, that is most of what a first opening takes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import repeated

LATER = (
    "cowrite.app.history.flow",
    "cowrite.sync.history_folder",
    "cowrite.app.comments.flow",
    "cowrite.gui.comments.panel",
    "cowrite.app.changes.flow",
    "cowrite.gui.changes.panel",
    "cowrite.gui.window.headings",
    "cowrite.app.session.flow",
    "cowrite.app.session.sealed",
    "cowrite.app.decisions.flow",
    "cowrite.app.ideas.flow",
    "cowrite.app.board.flow",
    "cowrite.gui.assistant.panel",
    "cowrite.app.assistant.draft",
    "cowrite.app.assistant.flow",
    "cowrite.gui.assistant.endpoint_form",
    "cowrite.app.sharing.share_flow",
    "cowrite.app.sharing.members_flow",
)
"""What people open in a window; of what these import nothing is named."""

PAUSE = 15
"""Milliseconds between two modules. Most take 1 to 10, those with parts of other projects up to 60 on a slow machine: a
key that comes meanwhile waits no longer."""


class Later(QObject):
    """Begins at once, and stops when all is loaded.

    Args:
        parent: Qt parent.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        seen: set[str] = set()
        self._modules = (module for name in LATER for module in missing(name, seen))
        self._timer = repeated(self, self._load_next, PAUSE)
        self._timer.start()

    def _load_next(self) -> None:
        try:
            import_module(next(self._modules))
        except (StopIteration, ImportError):  # who opens what cannot be loaded is told then
            self._timer.stop()


def missing(name: str, seen: set[str]) -> Iterator[str]:
    """The module of this name and all of the app and the server that it imports, as far as they are not loaded; each
    behind those that it imports itself, so that it takes no longer than its own lines do.

    Args:
        name: of a module.
        seen: names that were looked at; those that are looked at now are added.
    """
    if name in seen or name in sys.modules or not name.startswith(("cowrite.", "cowrite_server.")):
        return
    seen.add(name)
    spec = find_spec(name)
    if spec is None or spec.loader is None or not hasattr(spec.loader, "get_code"):
        return
    code = spec.loader.get_code(name)
    names = () if code is None else code.co_names  # also others than of modules: those have no dot
    for imported in names:
        yield from missing(imported, seen)
        if hasattr(sys.modules.get(imported), "__path__"):  # a folder, out of which some are modules
            for each in filter(str.isidentifier, names):
                yield from missing(f"{imported}.{each}", seen)
    yield name
