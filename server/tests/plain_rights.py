"""Commands to which the permissions of files apply, also where the superuser runs the tests, as in a container."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from helpers.lacking import lacking


def with_plain_rights() -> list[str]:
    """What a command begins with that is to have no more rights over files than their owner has."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such permissions")
    if os.geteuid() != 0:
        return []
    program = shutil.which("setpriv")
    if program is None:
        lacking("the superuser may read and write everywhere, and setpriv, which would change that, is missing")
    return [program, "--bounding-set=-dac_override,-dac_read_search"]
