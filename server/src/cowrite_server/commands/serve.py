"""The command `cowrite-server serve`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from contextlib import suppress

from cowrite_server.commands.console import end_with_console
from cowrite_server.errors import NotSaved, TooFewFiles
from cowrite_server.logs import write_logs
from cowrite_server.output import print_no_more
from cowrite_server.server import Server
from cowrite_server.settings.configuration import read_settings, refuse_contradictions, settings_of
from cowrite_server.settings.settings import Settings
from cowrite_server.sockets.open_files import RESERVED

_logger = logging.getLogger(__name__)

_GARBAGE = 20_000
"""Objects that come into being before it is looked for garbage again; what is no cycle goes at once all the same."""

_LAST_STANDARD_FILE = 2

_FILES = 65_536
"""Open files, and so connections, that the server may have where the system lets it choose."""

_FEWEST_FILES = 24
"""Open files that the server has before anybody comes, and a few clients."""

_LAST_SECONDS = 1.0
"""So long, beyond the time for draining, the process may take to let go of what it has."""


def serve(options: argparse.Namespace) -> None:
    """Runs the server until it is told to stop.

    Raises:
        ServerError: it cannot run so, or had to end before everything was saved.
    """
    _open_standard_files()
    settings = settings_of(read_settings(vars(options), os.environ))
    refuse_contradictions(settings)
    log = write_logs(settings.log_format, settings.log_level)
    _raise_file_limit(settings.server_clients or 0)
    try:
        import uvloop  # not there on Windows

        factory = uvloop.new_event_loop
    except ImportError:
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        expect_little_garbage()
        try:
            runner.run(_run(settings))
        finally:
            log.flush()  # before what ended the server is said


def expect_little_garbage() -> None:
    """Has Python look for garbage less often, and not among what is there now.

    What waits for the disk is many small objects, none of them garbage, that would be looked through every time.
    """
    gc.freeze()
    gc.set_threshold(_GARBAGE)


def _open_standard_files() -> None:
    """Puts nothing in the place of standard input, output and error where they are closed: the numbers would else be
    those of sockets, which the event loop does not close, and the log would be written into one."""
    while (file := os.open(os.devnull, os.O_RDWR)) <= _LAST_STANDARD_FILE:
        os.set_inheritable(file, True)
    os.close(file)


def _raise_file_limit(clients: int) -> None:
    """Takes as many open files as the system allows: a shell gives 1024 or 256, and beyond that nobody is let in.

    Args:
        clients: so many connections are wanted at least.

    Raises:
        TooFewFiles: they are not even enough for the server itself.
    """
    if sys.platform == "win32":  # there is no such limit
        return
    import resource

    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = max(_FILES, clients + RESERVED)
    wanted = files if most == resource.RLIM_INFINITY else min(files, most)
    if given != resource.RLIM_INFINITY and given < wanted:
        with suppress(OSError, ValueError):  # some systems have a limit of their own behind it
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    if most != resource.RLIM_INFINITY and most < _FEWEST_FILES:  # the event loop would fail in its own words
        raise TooFewFiles


def _end_in_any_case(seconds: float) -> None:
    """Ends the process after so many seconds, whatever it waits for: a store that is silent may keep it for minutes.

    Nothing that was acknowledged is lost by it.
    """

    def end() -> None:
        _logger.error("What is left to do takes too long; the server ends without it.")
        logging.shutdown()
        os._exit(1)

    timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), end)
    timer.daemon = True
    timer.start()


def _ending_signals() -> list[signal.Signals]:
    """The signals that end the server in good order."""
    ending = [signal.SIGINT, signal.SIGTERM]
    # Under nohup it is to outlive its terminal; for what Windows has instead, see `console`.
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        ending.append(signal.SIGHUP)
    return ending


def _say(line: str) -> None:
    """Prints a line, if that can be: a disk that is full of logs is no reason to let nobody write."""
    try:
        print(line, flush=True)
    except OSError:
        print_no_more()


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        if not stop.is_set():
            stop.set()
            _end_in_any_case(settings.drain_seconds + _LAST_SECONDS)  # a start may hang on a silent store, too

    for number in _ending_signals():
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # asyncio's loops on Windows have no handlers of signals; Python's own do there
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
    end_with_console(lambda: loop.call_soon_threadsafe(end))
    server = await Server.start(settings)
    try:
        _say(f"cowrite-server is listening on {server.url}")
        if server.metrics_port is not None:
            _say(f"Health and metrics are on port {server.metrics_port}.")
        await stop.wait()
    finally:
        is_saved = await server.close()
    if not is_saved:
        raise NotSaved
