"""What of the first window needs no Qt, loaded before Qt is; and Qt, without its search of what is loaded afterwards.

Once PySide6 is there each import passes through it, and it reads the source of every module that is imported, to see
whether it may ask for one of PySide's features (`from __feature__ import …`). cowrite asks for none; both together
would make the start longer by a tenth. pycrdt, too, is spared a search.
"""

# ruff: noqa: E402, F401

import gc

# What is loaded now stays until the end: looking through it for garbage makes the start a tenth longer.
gc.disable()

import sys
from types import ModuleType

# pycrdt asks for its own version when it is loaded, which nobody here wants to know. For that `importlib.metadata` is
# loaded, with what reads e-mail and archives: a twentieth of the start. This stands in the place of pycrdt's answer.
_version = sys.modules.setdefault("pycrdt._version", ModuleType("pycrdt._version"))
_version.__dict__.setdefault("__version__", "not asked for")
try:
    import pycrdt
except ImportError:  # there is more that it asks for
    del sys.modules["pycrdt._version"]

import concurrent.futures.thread
import getpass
import logging.handlers

import cowrite.app.files.export_kinds
import cowrite.bridge.file.document_copy
import cowrite.convert.numbering
import cowrite.convert.values
import cowrite.core.document.document
import cowrite.core.text.search
import cowrite.core.writing.habits
import cowrite.logs
import cowrite.paths
import cowrite.storage.document.document_file
import cowrite.storage.document.loss
import cowrite.storage.document.quick_log
import cowrite.storage.library.library
import cowrite.storage.library.originals
import cowrite.storage.session
import cowrite.storage.settings
import cowrite.storage.sharing
import cowrite.sync.blob
import cowrite.sync.link
import cowrite.sync.record
import cowrite.sync.status


def spare_search() -> None:
    """Has PySide take every module for one that uses Qt and no features, as it would find out from its source."""
    import PySide6.QtCore

    features = vars(sys.modules.get("shibokensupport.feature", ModuleType("missing")))
    if "_mod_uses_pyside" in features:  # the name is PySide's own; without it the start is only longer
        features["_mod_uses_pyside"] = lambda module: True


spare_search()
