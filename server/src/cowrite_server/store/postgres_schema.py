"""The schema of the server's tables in PostgreSQL: the steps by which it came to be.

A new database takes all of them, an older one those that it lacks; `data.version` counts the steps that a database has.
A step is never changed once it was released.
"""

from __future__ import annotations

_BEGINNING = """
CREATE SCHEMA cowrite_server;
CREATE TABLE cowrite_server.data (
    version int NOT NULL,
    withdrawals bigint NOT NULL     -- grows with every withdrawal of invites
);
CREATE TABLE cowrite_server.rooms (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL UNIQUE,
    epoch text NOT NULL,            -- changes when the document is rebuilt from anything but its own log
    created bigint NOT NULL,        -- this and all other times: milliseconds since 1970
    last bigint NOT NULL DEFAULT 0  -- number of the last entry of the log; whoever gives numbers locks the row
);
CREATE TABLE cowrite_server.invites (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    role text NOT NULL,
    secret bytea NOT NULL UNIQUE,   -- SHA-256; the secret itself is never stored
    created bigint NOT NULL,
    withdrawn bigint                -- when, or NULL while the invite is good
);
CREATE INDEX ON cowrite_server.invites (room);
CREATE TABLE cowrite_server.updates (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    seq bigint NOT NULL,            -- from 1 in each room, without gaps
    time bigint NOT NULL,
    member bigint REFERENCES cowrite_server.invites,
    data bytea NOT NULL,
    PRIMARY KEY (room, seq)
);
CREATE TABLE cowrite_server.commits (
    writer uuid PRIMARY KEY,        -- the last commit of each node, by which it finds out what became of it
    number bigint NOT NULL,
    rooms bigint[] NOT NULL,
    before bigint[] NOT NULL,       -- for each room the number after which it began
    time timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE cowrite_server.snapshots (
    room bigint PRIMARY KEY REFERENCES cowrite_server.rooms,
    seq bigint NOT NULL,            -- the snapshot contains every update up to this one
    time bigint NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE cowrite_server.blobs (
    hash bytea PRIMARY KEY,         -- SHA-256 of the data
    media_type text NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE cowrite_server.room_blobs (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    hash bytea NOT NULL REFERENCES cowrite_server.blobs,
    PRIMARY KEY (room, hash)
);
"""

_HISTORY = """
CREATE TABLE cowrite_server.moments (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    first bigint NOT NULL,          -- seq of its first entry; the moments of a room have no gap between them
    last bigint NOT NULL,           -- seq of its last entry
    begun bigint NOT NULL,
    ended bigint NOT NULL,
    data bytea NOT NULL,            -- who added and deleted what
    PRIMARY KEY (room, last)
);
-- Snapshots lacked what had been deleted and could hold more than their seq said. The log still has every update, so
-- the first compaction makes a better one.
DELETE FROM cowrite_server.snapshots;
"""

STEPS = (_BEGINNING, _HISTORY)
DATA_VERSION = len(STEPS)

TABLES = {
    "rooms": "rooms::text",
    "invites": "invites::text",
    "updates": "sha256(data)",
    "snapshots": "sha256(data)",
    "moments": "sha256(data)",
    "blobs": "sha256(data)",
    "room_blobs": "room_blobs::text",
}
"""Tables that hold what people have written, with what takes all of a row to work out."""

REFERENCES = (
    ("invites", "room", "rooms", "id"),
    ("updates", "room", "rooms", "id"),
    ("updates", "member", "invites", "id"),
    ("snapshots", "room", "rooms", "id"),
    ("moments", "room", "rooms", "id"),
    ("room_blobs", "room", "rooms", "id"),
    ("room_blobs", "hash", "blobs", "hash"),
)
"""Columns that refer to a row of another table, with that table and its key."""
