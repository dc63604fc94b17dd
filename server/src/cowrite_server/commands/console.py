"""The console of Windows: the server ends in good order with it.

Runs on the main thread; what the console tells comes on threads of the system.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _CTRL_C = 0
    _Handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)
    _kept: list[object] = []  # for as long as the process: Windows calls it by its address

    def end_with_console(end: Callable[[], object]) -> None:
        """Has the server end when its console is closed, its person signs off, or somebody presses Ctrl+Break.

        Not by SIGBREAK, which the C library makes of all that: Windows ends the process as soon as the library's
        own handler returns, which does no more than note the signal for the main thread.

        Args:
            end: begins to end the server; called on any thread.
        """

        def handle(event: int) -> bool:
            if event == _CTRL_C:
                return False  # Python makes SIGINT of it
            with suppress(RuntimeError):  # it has ended by now
                end()
            threading.Event().wait()  # Windows waits for a few seconds, in which the process ends by itself
            return True

        _kept.append(_Handler(handle))
        ctypes.windll.kernel32.SetConsoleCtrlHandler(_kept[-1], True)

else:

    def end_with_console(end: Callable[[], object]) -> None:
        """Does nothing: signals tell elsewhere."""
