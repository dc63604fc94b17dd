"""The schema of the server's SQLite file: the steps by which it came to be.

A new file takes all of them, an older one those that it lacks; a file's `user_version` counts the steps that it has.
A step is never changed once it was released.
"""

from __future__ import annotations

_BEGINNING = """
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch TEXT NOT NULL,          -- changes when the document is rebuilt from anything but its own log
    created INTEGER NOT NULL      -- this and all other times: milliseconds since 1970
);
CREATE TABLE invites (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES rooms,
    role TEXT NOT NULL,
    secret BLOB NOT NULL UNIQUE,  -- SHA-256; the secret itself is never stored
    created INTEGER NOT NULL,
    withdrawn INTEGER             -- when, or NULL while the invite is good
);
CREATE TABLE updates (
    room INTEGER NOT NULL REFERENCES rooms,
    seq INTEGER NOT NULL,         -- from 1 in each room, without gaps
    time INTEGER NOT NULL,
    member INTEGER REFERENCES invites,
    data BLOB NOT NULL,
    PRIMARY KEY (room, seq)
);
CREATE TABLE snapshots (
    room INTEGER PRIMARY KEY REFERENCES rooms,
    seq INTEGER NOT NULL,
    time INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE TABLE blobs (
    hash BLOB PRIMARY KEY,        -- SHA-256 of the data
    media_type TEXT NOT NULL,
    data BLOB NOT NULL
);
CREATE TABLE room_blobs (
    room INTEGER NOT NULL REFERENCES rooms,
    hash BLOB NOT NULL REFERENCES blobs,
    PRIMARY KEY (room, hash)
) WITHOUT ROWID;
"""

_HISTORY = """
CREATE TABLE moments (
    room INTEGER NOT NULL REFERENCES rooms,
    first INTEGER NOT NULL,       -- seq of its first entry; the moments of a room have no gap between them
    last INTEGER NOT NULL,        -- seq of its last entry
    begun INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    data BLOB NOT NULL,           -- who added and deleted what
    PRIMARY KEY (room, last)
) WITHOUT ROWID;
-- Snapshots lacked what had been deleted and could hold more than their seq said. The log still has every update, so
-- the first compaction makes a better one.
DELETE FROM snapshots;
"""

STEPS = (_BEGINNING, _HISTORY)
DATA_VERSION = len(STEPS)

TABLES = {
    "rooms": ("id",),
    "invites": ("id",),
    "updates": ("room", "seq"),
    "snapshots": ("room",),
    "moments": ("room", "last"),
    "blobs": ("hash",),
    "room_blobs": ("room", "hash"),
}
"""Tables that a file must have, with their keys."""
