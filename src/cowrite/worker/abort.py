"""How a computation of llama.cpp is ended from outside, without Python in it.

Runs in the worker. llama.cpp asks a C function after each operation whether to go on, on one of its computing
threads: a function of Python would wait for the interpreter a thousand times a token. The C library's `strlen` is one
that answers at once: 0 for an empty string, 1 once a Cancellation has put a character into it.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import llama_cpp.llama_cpp as llama


def abort_callback() -> Any:
    """What `llama_set_abort_callback` takes, with the address of a Cancellation's buffer as its data.

    Keep it for as long as llama.cpp may call it.
    """
    try:
        library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
        return ctypes.cast(library.strlen, llama.ggml_abort_callback)
    except (OSError, AttributeError):  # an unusual C library
        return llama.ggml_abort_callback(lambda data: ctypes.string_at(data, 1) != b"\0")
