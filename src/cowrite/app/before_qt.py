"""What of the first window needs no Qt, loaded before Qt is.

Once PySide6 is there it reads the source of every module that is imported, to see whether it asks for one of its
features; for these modules that would make the start longer by a tenth.
"""

# ruff: noqa: E402, F401

import gc

# What is loaded now stays until the end: looking through it for garbage makes the start a tenth longer.
gc.disable()

import concurrent.futures.thread
import getpass
import logging.handlers

import cowrite.app.export_kinds
import cowrite.bridge.document_copy
import cowrite.convert.numbering
import cowrite.convert.values
import cowrite.core.document
import cowrite.core.habits
import cowrite.core.search
import cowrite.logs
import cowrite.paths
import cowrite.storage.document_file
import cowrite.storage.library
import cowrite.storage.loss
import cowrite.storage.quick_log
import cowrite.storage.session
import cowrite.storage.settings
import cowrite.storage.sharing
import cowrite.sync.blob
import cowrite.sync.link
import cowrite.sync.record
import cowrite.sync.status
