"""What a console of Windows tells a program, where other systems have signals."""

from __future__ import annotations

import signal
import sys

CTRL_CLOSE = 2
_EVENTS = {signal.SIGINT: 0, signal.SIGTERM: CTRL_CLOSE}

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _EVENTS[signal.SIGBREAK] = 1

    _PROCESS_ALL_ACCESS = 0x1FFFFF

    def tell(pid: int, number: int) -> None:
        """Has a process hear Ctrl+C for SIGINT, Ctrl+Break for SIGBREAK, and for SIGTERM that its console is closed.

        As the system does it, by a thread of that process that begins at `CtrlRoutine`, so that no console is needed.
        The system then ends the process when it has heard the latter; this does not.

        Raises:
            OSError: there is no such process.
        """
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = kernel.CreateRemoteThread.restype = wintypes.HANDLE
        kernel.GetModuleHandleW.restype = wintypes.HMODULE
        kernel.GetProcAddress.restype = ctypes.c_void_p
        kernel.GetProcAddress.argtypes = [wintypes.HMODULE, ctypes.c_char_p]
        kernel.CreateRemoteThread.argtypes = [wintypes.HANDLE, *[ctypes.c_void_p] * 4, wintypes.DWORD, ctypes.c_void_p]
        kernel.CloseHandle.argtypes = [wintypes.HANDLE]
        routine = kernel.GetProcAddress(kernel.GetModuleHandleW("kernelbase"), b"CtrlRoutine")
        process = kernel.OpenProcess(_PROCESS_ALL_ACCESS, False, pid)
        if not process:
            raise ctypes.WinError(ctypes.get_last_error())
        thread = kernel.CreateRemoteThread(process, None, 0, routine, _EVENTS[signal.Signals(number)], 0, None)
        error = ctypes.get_last_error()
        kernel.CloseHandle(process)
        if not thread:
            raise ctypes.WinError(error)
        kernel.CloseHandle(thread)
