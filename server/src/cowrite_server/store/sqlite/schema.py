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

_MEMBERS = """
-- So far an invite was all who came by it. It becomes that member, to which the log then refers, and an invite again.
ALTER TABLE invites RENAME TO members;
CREATE TABLE invites (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES rooms,
    role TEXT NOT NULL,           -- of those who join by it
    secret BLOB NOT NULL UNIQUE,  -- SHA-256; the secret itself is never stored
    created INTEGER NOT NULL,
    creator INTEGER REFERENCES members,
    expires INTEGER,              -- when it stops letting people in, or NULL for never
    uses INTEGER,                 -- how many members it lets in, or NULL for any number
    used INTEGER NOT NULL,        -- how many it has let in
    withdrawn INTEGER             -- when, or NULL while it is good
);
INSERT INTO invites SELECT id, room, role, secret, created, NULL, NULL, NULL, 1, withdrawn FROM members;
CREATE TABLE new_members (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES rooms,
    role TEXT NOT NULL,
    own INTEGER NOT NULL,         -- whether the secret is its own, or the invite's and that of all without one
    secret BLOB NOT NULL,         -- SHA-256
    chosen TEXT,                  -- the name that it gave, or NULL
    name TEXT,                    -- the same, told apart from others' in the room
    invite INTEGER REFERENCES invites,  -- or NULL for one that the identity provider names
    joined INTEGER NOT NULL,
    seen INTEGER NOT NULL,        -- when it was last connected; a time to come while it is
    decided INTEGER NOT NULL,     -- when its role was decided last
    removed INTEGER,              -- when, or NULL while it may come
    UNIQUE (room, own, secret)
);
INSERT INTO new_members
    SELECT id, room, role, 0, secret, NULL, NULL, id, created, max(created, ifnull(last, 0)), created, withdrawn
    FROM members LEFT JOIN (SELECT member, max(time) AS last FROM updates GROUP BY member) ON member = id;
DROP TABLE members;
ALTER TABLE new_members RENAME TO members;
-- Whether a moment begins with an entry in any case.
ALTER TABLE updates ADD COLUMN begins INTEGER NOT NULL DEFAULT 0;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES rooms,
    time INTEGER NOT NULL,
    actor INTEGER REFERENCES members,  -- or NULL for the host
    kind TEXT NOT NULL,
    details TEXT NOT NULL         -- a JSON object
);
CREATE INDEX audit_of_room ON audit (room, id);
"""

_SEALED = """
CREATE TABLE sealed (
    room INTEGER NOT NULL REFERENCES rooms,
    box TEXT NOT NULL,            -- id of a session or poll
    author TEXT NOT NULL,         -- by what the author is known again
    item TEXT NOT NULL,           -- an id that the author chose
    data BLOB NOT NULL,           -- a JSON object
    PRIMARY KEY (room, box, author, item)
) WITHOUT ROWID;
CREATE TABLE opened (
    room INTEGER NOT NULL REFERENCES rooms,
    box TEXT NOT NULL,            -- one into which nothing goes any more
    data BLOB,                    -- the update with all that lay in it: NULL at first, empty once it is logged
    PRIMARY KEY (room, box)
) WITHOUT ROWID;
"""

_BLOB_BYTES = """
-- What the blobs of the room cost together; each its size, and 4096 at least.
ALTER TABLE rooms ADD COLUMN blob_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE rooms SET blob_bytes =
    (SELECT ifnull(sum(max(length(data), 4096)), 0) FROM room_blobs JOIN blobs USING (hash) WHERE room = rooms.id);
"""

_FORGOTTEN = """
CREATE TABLE forgotten (
    room INTEGER PRIMARY KEY,     -- the key that it had; no other room ever gets it
    name TEXT NOT NULL,           -- whoever comes to it does not make it again
    epoch TEXT NOT NULL,          -- by which clients know that their copy is of this room
    time INTEGER NOT NULL
);
CREATE INDEX forgotten_name ON forgotten (name);
CREATE TABLE new_audit (
    id INTEGER PRIMARY KEY,
    room INTEGER REFERENCES rooms,     -- or NULL where it tells that one was forgotten
    time INTEGER NOT NULL,
    actor INTEGER REFERENCES members,  -- or NULL for the host
    kind TEXT NOT NULL,
    details TEXT NOT NULL         -- a JSON object
);
INSERT INTO new_audit SELECT * FROM audit;
DROP TABLE audit;
ALTER TABLE new_audit RENAME TO audit;
CREATE INDEX audit_of_room ON audit (room, id);
"""

_VERSIONS = """
CREATE TABLE versions (
    room INTEGER NOT NULL REFERENCES rooms,
    seq INTEGER NOT NULL,         -- of the last entry of a moment: no later one joins it
    name TEXT NOT NULL,           -- that somebody has given the moment; empty once it was taken away
    member INTEGER REFERENCES members,  -- who did, or NULL where nobody knows
    time INTEGER NOT NULL,
    PRIMARY KEY (room, seq)
) WITHOUT ROWID;
"""

STEPS = (_BEGINNING, _HISTORY, _MEMBERS, _SEALED, _BLOB_BYTES, _FORGOTTEN, _VERSIONS)
DATA_VERSION = len(STEPS)

TABLES = {
    "rooms": ("id",),
    "invites": ("id",),
    "members": ("id",),
    "updates": ("room", "seq"),
    "snapshots": ("room",),
    "moments": ("room", "last"),
    "blobs": ("hash",),
    "room_blobs": ("room", "hash"),
    "audit": ("id",),
    "sealed": ("room", "box", "author", "item"),
    "opened": ("room", "box"),
    "forgotten": ("room",),
    "versions": ("room", "seq"),
}
"""Tables that a file must have, with their keys."""
