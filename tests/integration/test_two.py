"""`cowrite two`, as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not asked to end there")
def test_whoever_ends_two_windows_from_outside_ends_their_server_too(tmp_path: Path) -> None:
    (folder := tmp_path / "temporary").mkdir()
    environment = {**os.environ, "TMPDIR": str(folder), "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "cowrite", "two"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as two:
        assert two.stdout is not None
        found = re.search(r"cowrite://127\.0\.0\.1:(\d+)/two", two.stdout.readline())
        assert found is not None
        port = int(found[1])
        socket.create_connection(("127.0.0.1", port), 10).close()
        two.send_signal(signal.SIGTERM)
        assert two.wait(30) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 10)
    assert list(folder.iterdir()) == []
