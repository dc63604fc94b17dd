"""How one server runs: where its data is, where it listens, and how much it accepts and keeps in memory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cowrite_server.wire.protocol import DEFAULT_PORT, Limits

_LIMITS = Limits()

METRICS_HOST = "127.0.0.1"
"""Where health and metrics alone are to be had if nothing else is said."""


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    """For people."""
    JSON = "json"
    """One JSON object a line, for programs."""


class LogLevel(StrEnum):
    """How serious a log line is."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `Server.start` is given.

    Attributes:
        store: address of what is kept: `sqlite:DIR`, or `postgresql://HOST/DATABASE` for several nodes.
        bus: address of what joins several nodes on one store, such as `redis://HOST:PORT`.
        host: address to listen on: `0.0.0.0` for all of IPv4, `::` for all of IPv6.
        port: port to listen on; 0 takes a free one.
        tls_cert: file with the certificate chain (PEM); without it, the server speaks no TLS.
        tls_key: file with the private key (PEM), where it is not in the certificate's file.
        insecure: whether the server may listen beyond this machine without TLS.
        anybody: whether everybody on this machine may join as an editor, without an invite, and makes rooms by joining.
        jwt_secret: file with the secret that the team's identity provider signs tokens with (HS256).
        jwt_key: file with the public key (PEM) of the team's identity provider (RS256).
        jwt_jwks: file with the public keys of the team's identity provider (JSON Web Key Set, RS256).
        jwt_issuer: the issuer that tokens must name.
        jwt_audience: the audience that tokens must name.
        allow_origin: web pages that may connect, such as https://docs.example.org; `*` for all.
        proxies: addresses or networks of reverse proxies whose X-Forwarded-For header names the client.
        metrics_host: address to listen on for health and metrics alone.
        metrics_port: port for health and metrics alone; the main port then has no metrics.
        log_format: how log lines are written.
        log_level: the least serious log lines that are written.
        limits: what the server accepts from a client.
        address_clients: connections from one address at a time.
        server_clients: connections of the whole server at a time; at most, and unless given, as many as the system lets
            it open files, less 64.
        waiting_clients: connections at a time that have not been let in yet.
        waiting_seconds: how long a connection may take until it is let in.
        handshake_seconds: how much of that it may take to agree on the encryption.
        work_seconds: how long the server may work in each second for one member on one node; beyond that the member's
            messages wait for their turn.
        excess_seconds: how long a connection may send more than these rates allow, less the time in which it does not;
            then it is closed.
        update_seconds: how long it may take to add one update to a document.
        document_seconds: how long it may take to read a whole document; one that takes longer grows no more.
        queue_bytes: live updates that may wait for one slow reader before it is closed.
        unsaved_bytes: updates that may wait for the disk before the server stops reading from its clients.
        merge_seconds: updates of a room that is busy or full of people wait at most this long to go out as one frame.
        commit_seconds: while others come, an update waits at most this long for them to share one commit to the disk;
            not more than 0.02 where many come and on several nodes, or 0.1 where more than a thousand come in a
            second.
        idle_seconds: how long a room without clients stays in memory.
        snapshot_bytes: a room's log grows by at least this much between two snapshots.
        history_fine_days: how many days history keeps every single update; what is older is kept in moments.
        sweep_seconds: how often the server looks for rooms with updates older than that.
        ping_seconds: a client that was silent this long is asked for a sign of life.
        silence_seconds: a client that was silent this long is dropped.
        closing_seconds: how long a closing connection may take before it is cut.
        drain_seconds: how long the server may take to save, say goodbye and end.
        retry_seconds: first pause after a failed write; doubles up to `retry_most_seconds`.
        retry_most_seconds: longest pause between two attempts to write.
        watch_seconds: how often the server checks who may still be here, and looks for new certificates.
        gap_seconds: how long an entry that another node wrote may be on its way before it is read from the log.
        heal_seconds: how often a node asks a shared store whether its rooms lack something.
    """

    store: str
    bus: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    tls_cert: Path | None = None
    tls_key: Path | None = None
    insecure: bool = False
    anybody: bool = False
    jwt_secret: Path | None = None
    jwt_key: Path | None = None
    jwt_jwks: Path | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    allow_origin: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    metrics_host: str = METRICS_HOST
    metrics_port: int | None = None
    log_format: LogFormat = LogFormat.TEXT
    log_level: LogLevel = LogLevel.WARNING
    limits: Limits = _LIMITS
    address_clients: int = 1000
    server_clients: int | None = None
    waiting_clients: int = 1000
    waiting_seconds: float = 20.0
    handshake_seconds: float = 5.0
    work_seconds: float = 0.1
    excess_seconds: float = 300.0
    update_seconds: float = 0.5
    document_seconds: float = 1.0
    queue_bytes: int = 8 * 1024 * 1024
    unsaved_bytes: int = 64 * 1024 * 1024
    merge_seconds: float = 0.01
    commit_seconds: float = 0.25
    idle_seconds: float = 30.0
    snapshot_bytes: int = 256 * 1024
    history_fine_days: float = 30.0
    sweep_seconds: float = 3600.0
    ping_seconds: float = 8.0
    silence_seconds: float = 20.0
    closing_seconds: float = 5.0
    drain_seconds: float = 5.0
    retry_seconds: float = 0.1
    retry_most_seconds: float = 2.0
    watch_seconds: float = 0.5
    gap_seconds: float = 0.25
    heal_seconds: float = 2.0
