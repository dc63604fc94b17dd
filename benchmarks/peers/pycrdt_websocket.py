"""pycrdt-websocket with its SQLite store, behind uvicorn: python pycrdt_websocket.py FOLDER PORT."""

import logging
import sys
from pathlib import Path

import uvicorn
from pycrdt.store import SQLiteYStore
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom


class Server(WebsocketServer):
    """One store for each room."""

    async def get_room(self, name: str) -> YRoom:
        """The room of a name, made when it is missing."""
        if name not in self.rooms:
            self.rooms[name] = YRoom(ready=True, ystore=Store(name), log=self.log)
        room = self.rooms[name]
        await self.start_room(room)
        return room


class Store(SQLiteYStore):
    """All rooms in one database."""

    db_path = str(Path(sys.argv[1]) / "documents.sqlite")


server = Server(log=logging.getLogger("pycrdt"))
application = ASGIServer(server)


async def serve() -> None:
    """Runs until it is ended."""
    async with server:
        config = uvicorn.Config(application, "127.0.0.1", int(sys.argv[2]), log_level="warning", ws="websockets")
        print("ready", flush=True)
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    import anyio

    anyio.run(serve)
