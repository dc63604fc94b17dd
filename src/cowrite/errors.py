"""The root of every error that a person can meet.

Each error says, as `str(error)`, one sentence from the caller's side: what happened, where, and what to do. The
fields carry the facts for code.
"""

from __future__ import annotations


class CowriteError(Exception):
    """Something that a person can be told about in one sentence."""
