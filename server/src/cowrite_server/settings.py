"""How one server runs: where its data is, where it listens, and how much it accepts and keeps in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cowrite_server.protocol import Limits

DEFAULT_PORT = 8765

_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `Server.start` is given.

    Attributes:
        store: address of what is kept, such as `sqlite:DIR`; made when it is missing.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        tls_cert: file with the certificate chain (PEM), or None for a server without TLS.
        tls_key: file with the private key (PEM); None where the certificate's file holds it too.
        anybody: whether everybody may join as an editor, without an invite, and makes rooms by joining them.
        limits: what the server accepts from a client.
        queue_bytes: live updates that may wait for one slow reader before it is closed.
        unsaved_bytes: updates that may wait for the disk before the server stops reading from its clients.
        merge_seconds: under load, updates of one room wait at most this long to go out as one frame.
        idle_seconds: how long a room without clients stays in memory.
        snapshot_bytes: a room's log grows by at least this much between two snapshots.
        history_fine_days: for so many days history has every single update; what is older is kept in moments.
        sweep_seconds: how often the server looks for rooms with updates older than that.
        ping_seconds: a client that was silent this long is asked for a sign of life.
        silence_seconds: a client that was silent this long is dropped.
        closing_seconds: how long a closing connection may take before it is cut.
        retry_seconds: first pause after a failed write; doubles up to `retry_most_seconds`.
        retry_most_seconds: longest pause between two attempts to write.
        watch_seconds: how often the server looks for changes by other processes (withdrawn invites).
    """

    store: str
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    tls_cert: Path | None = None
    tls_key: Path | None = None
    anybody: bool = False
    limits: Limits = _LIMITS
    queue_bytes: int = 8 * 1024 * 1024
    unsaved_bytes: int = 64 * 1024 * 1024
    merge_seconds: float = 0.004
    idle_seconds: float = 30.0
    snapshot_bytes: int = 64 * 1024
    history_fine_days: float = 30.0
    sweep_seconds: float = 3600.0
    ping_seconds: float = 8.0
    silence_seconds: float = 20.0
    closing_seconds: float = 5.0
    retry_seconds: float = 0.1
    retry_most_seconds: float = 2.0
    watch_seconds: float = 0.25
