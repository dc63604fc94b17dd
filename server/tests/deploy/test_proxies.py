"""Real proxies with the configurations in `deploy/`: what they write down while a node is away."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from websockets.exceptions import InvalidStatus

from deploy.test_deploy import DEPLOY
from engines import missing
from helpers.processes import free_port
from sync_clients import Client, until_true
from team import own

SECRETS = ("secret-of-an-invite", own("secret-of-a-member"))


@asynccontextmanager
async def proxy(log: Path, *command: str, **environment: str) -> AsyncIterator[None]:
    """A proxy's process; what it says goes into a file."""
    if shutil.which(command[0]) is None:
        missing(command[0])
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=output, stderr=output, env={**os.environ, **environment}
        )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def turned_away(port: int) -> None:
    """A client asks a proxy that reaches no node for a room, once the proxy listens."""

    async def answered() -> bool:
        with suppress(ConnectionRefusedError):
            try:
                await Client(member=SECRETS[1]).open(f"ws://127.0.0.1:{port}", f"room?key={SECRETS[0]}")
            except InvalidStatus as error:
                return error.response.status_code == 502
        return False

    await until_true(answered)


def told(folder: Path) -> str:
    """Everything in the files of a folder that proxies write."""
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.log"))


async def test_nginx_writes_down_no_secret_while_a_node_is_away(tmp_path: Path) -> None:
    port, away = free_port(), free_port()
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("127.0.0.1:8765", f"127.0.0.1:{away}")
    text = re.sub(r" *(ssl_certificate|listen \[::\]).*\n", "", text).replace(
        "listen 443 ssl;", f"listen 127.0.0.1:{port};"
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log {tmp_path}/access.log;\n{text} }}\n",
        encoding="utf-8",
    )
    async with proxy(tmp_path / "output.log", "nginx", "-c", str(tmp_path / "nginx.conf")):
        await turned_away(port)
    assert not [secret for secret in SECRETS if secret in told(tmp_path)]


async def test_caddy_writes_down_no_secret_while_a_node_is_away(tmp_path: Path) -> None:
    port, away = free_port(), free_port()
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8").replace(" 8765", f" {away}")
    text = text.replace("{\n", "{\n\tadmin off\n", 1).replace("lb_try_duration 3s", "lb_try_duration 1ms")
    (tmp_path / "Caddyfile").write_text(text, encoding="utf-8")
    command = ("caddy", "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile")
    folders = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    async with proxy(tmp_path / "output.log", *command, SITE_ADDRESS=f"http://127.0.0.1:{port}", **folders):
        await turned_away(port)
    said = told(tmp_path)
    assert '"status":502' in said
    assert not [secret for secret in SECRETS if secret in said]
