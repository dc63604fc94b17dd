"""What is asked of a server by HTTP."""

from __future__ import annotations

import asyncio


async def get(port: int, path: str, headers: str = "") -> tuple[int, str]:
    """Status and body of an HTTP answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    return int(head.split()[1]), body
