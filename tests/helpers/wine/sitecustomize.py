"""What Wine's C library does otherwise than Microsoft's, put right for a Python that runs under Wine.

Python imports it by this name at each start, once `tests/run_windows.py` has put its folder into PYTHONPATH.
"""

from __future__ import annotations

import errno
import os
import sys

if sys.platform == "win32":
    import msvcrt

    _locking = msvcrt.locking

    def _locking_with_number(file: int, mode: int, count: int, /) -> None:
        # WORKAROUND of Wine: where somebody else has locked it, its _locking leaves errno as it was.
        try:
            _locking(file, mode, count)
        except OSError as error:
            if error.errno:
                raise
            raise OSError(errno.EACCES, os.strerror(errno.EACCES)) from None

    msvcrt.locking = _locking_with_number
