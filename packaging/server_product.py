"""The server as a product: how a build of it is tried, and how systemd runs it."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bootstrap_steps import ROOT, Problem
from product import Product, bare_environment

DESCRIPTION = """sync server of cowrite
 Relays and keeps the documents that a team writes together, on SQLite or, as
 one of several nodes, on PostgreSQL and Redis. What it acknowledges is on the
 disk. Speaks the wire format of Yjs."""
UNIT = "usr/lib/systemd/system/cowrite-server.service"
HEAD = """# One server on one machine, with its data in /var/lib/cowrite-server. The package leaves it off:
#   systemctl enable --now cowrite-server
"""
# A server that does not start with its settings says so itself; a script that failed would leave the package by half.
RESTARTED = """#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
    systemctl try-restart cowrite-server.service || true
fi
"""
STOPPED = """#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now cowrite-server.service || true
fi
"""
FORGOTTEN = """#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
fi
"""
SECONDS = 30  # that it may take to begin, and to end


def try_out(program: Path, home: Path) -> None:
    """Serves, is ready, makes an invite, backs up and verifies, and ends when told to: see `Product.try_out`."""
    home.mkdir()
    env = bare_environment(home)
    data = ["--data", str(home / "rooms")]

    def ask(*arguments: str) -> str:
        command = [str(program), *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=SECONDS)
        if done.returncode:
            raise Problem(f"`{' '.join(command)}` failed with status {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    ask("--version")
    serve = [str(program), "serve", *data, "--port", "0"]
    with subprocess.Popen(serve, env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip().rpartition(":")[2]
            if not port:
                raise Problem("The build's server did not start.")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=SECONDS):
                pass
            link = ask("invite", "minutes", *data, "--url", f"ws://127.0.0.1:{port}")
            if "cowrite://" not in link:
                raise Problem(f"The build's server made no invite: {link}")
            ask("backup", *data, str(home / "backup"))
            ask("verify", *data)
        finally:
            server.terminate()
        status = server.wait(SECONDS)
    if sys.platform == "win32":  # where it has just been killed, and no server uses PostgreSQL
        return
    if status:
        raise Problem(f"The build's server ended with status {status}.")
    nobody = [str(program), "rooms", "--store", "postgresql://nobody@127.0.0.1:1/none"]
    said = subprocess.run(nobody, env=env, capture_output=True, text=True, check=False, timeout=2 * SECONDS).stderr
    if "127.0.0.1" not in said:  # where it looked for the database in vain
        raise Problem(f"The build cannot use PostgreSQL: {said.strip()}")


def unit() -> Iterator[tuple[bytes, str]]:
    """Gives systemd's unit, which calls the program where the package puts it."""
    text = (ROOT / "server" / "deploy" / "cowrite-server.service").read_text(encoding="utf-8")
    *_, rest = text.split("\n", 2)  # its head is about the files of a checkout
    yield f"{HEAD}{rest.replace('/opt/cowrite-server/bin/', '/usr/bin/')}".encode(), UNIT


SERVER = Product(
    name="cowrite-server",
    licences=None,
    try_out=try_out,
    section="net",
    description=DESCRIPTION,
    needed=("libgcc-s1", "libstdc++6", "zlib1g"),
    recommended=(),
    files=unit,
    scripts={"postinst": RESTARTED, "prerm": STOPPED, "postrm": FORGOTTEN},
)
