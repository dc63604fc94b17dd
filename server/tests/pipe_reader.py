"""Reads what comes out of a pipe on the event loop, also where the loop cannot by itself."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from threading import Thread
from typing import IO


async def reader_of(pipe: IO[bytes]) -> asyncio.StreamReader:
    """What comes out of a pipe, which is closed at its end."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":  # its loop reads only pipes that were made for it
        Thread(target=_feed, args=(loop, reader, pipe), daemon=True).start()
    else:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


def _feed(loop: asyncio.AbstractEventLoop, reader: asyncio.StreamReader, pipe: IO[bytes]) -> None:
    with pipe, suppress(RuntimeError):  # the loop may be over by now
        while data := os.read(pipe.fileno(), 1 << 16):
            loop.call_soon_threadsafe(reader.feed_data, data)
        loop.call_soon_threadsafe(reader.feed_eof)
