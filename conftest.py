"""What every test runs under: garbage is searched for between two tests, on the thread that runs them.

Left to itself Python searches on whichever thread makes an object, and destroys windows there.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from helpers.seeds import seeds

_searches = count(1)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Begun in the background of a shell; the processes that tests start would inherit it, and never hear Ctrl+C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


settings.register_profile("suite", settings.default, max_examples=len(seeds(30)))
settings.load_profile("suite")
if len(seeds(1)) == 1:
    # For some examples Hypothesis takes numbers and words of the sources, all of which each process would parse: a
    # third of the time that it collects in a new clone. A long look has them.
    providers._get_local_constants = lambda: providers._local_constants


def pytest_configure(config: pytest.Config) -> None:
    """Has each of several processes begin to collect at another file: what one has compiled the others find then."""
    worker = getattr(config, "workerinput", None)
    if worker is None:
        return
    gc.disable()  # what is collected is no garbage, and there is much of it
    if not all(Path(arg).is_dir() for arg in config.args):
        return
    files = sorted({str(file) for arg in config.args for file in Path(arg).rglob("test_*.py")})
    begin = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    config.args = files[begin:] + files[:begin]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In whatever order the files were collected, the tests are in one order.

    For several processes files with slow tests come first, so that at the end no process has one for which the others
    wait. The files after them are mixed: by their names all processes would compute for minutes, then all wait for
    servers and windows.
    """
    if not hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path)
        return
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    mixed = {path: crc32(path.relative_to(config.rootpath).as_posix().encode()) for path in {i.path for i in items}}
    items.sort(key=lambda item: (item.path not in slow, mixed[item.path], item.path))


def pytest_collection_finish() -> None:
    """The tests themselves are no garbage."""
    gc.disable()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Searches when a test and its fixtures are gone, where they have made enough."""
    result = yield
    if gc.get_count()[0] > 2_000:
        if next(_searches) % 20:
            gc.collect(1)
        else:
            gc.collect()
            gc.freeze()  # what has outlived its tests is kept by modules, and would be looked through each time
    return result
