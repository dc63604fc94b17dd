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

_MEMBERS = """
-- So far an invite was all who came by it. It becomes that member, to which the log then refers, and an invite again.
ALTER TABLE cowrite_server.invites RENAME TO members;
ALTER TABLE cowrite_server.members RENAME COLUMN created TO joined;
ALTER TABLE cowrite_server.members RENAME COLUMN withdrawn TO removed;
ALTER TABLE cowrite_server.members DROP CONSTRAINT invites_secret_key;
CREATE TABLE cowrite_server.invites (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    role text NOT NULL,             -- of those who join by it
    secret bytea NOT NULL UNIQUE,   -- SHA-256; the secret itself is never stored
    created bigint NOT NULL,
    creator bigint REFERENCES cowrite_server.members,
    expires bigint,                 -- when it stops letting people in, or NULL for never
    uses bigint,                    -- how many members it lets in, or NULL for any number
    used bigint NOT NULL,           -- how many it has let in
    withdrawn bigint                -- when, or NULL while the invite is good
);
CREATE INDEX ON cowrite_server.invites (room);
INSERT INTO cowrite_server.invites (id, room, role, secret, created, used, withdrawn) OVERRIDING SYSTEM VALUE
    SELECT id, room, role, secret, joined, 1, removed FROM cowrite_server.members;
SELECT setval(pg_get_serial_sequence('cowrite_server.invites', 'id'), coalesce(max(id), 0) + 1, false)
    FROM cowrite_server.invites;
ALTER TABLE cowrite_server.members
    ADD own boolean NOT NULL DEFAULT false, -- whether the secret is its own, or the invite's and all's without one
    ADD chosen text,                -- the name that it gave, or NULL
    ADD name text,                  -- the same, told apart from others' in the room
    ADD invite bigint,              -- or NULL for one that the identity provider names
    ADD seen bigint NOT NULL DEFAULT 0, -- when it was last connected; a time to come while it is
    ADD decided bigint NOT NULL DEFAULT 0; -- when its role was decided last
UPDATE cowrite_server.members SET invite = id, seen = joined, decided = joined;
UPDATE cowrite_server.members SET seen = greatest(seen, last)
    FROM (SELECT member, max(time) AS last FROM cowrite_server.updates GROUP BY member) AS written WHERE member = id;
ALTER TABLE cowrite_server.members
    ALTER own DROP DEFAULT, ALTER seen DROP DEFAULT, ALTER decided DROP DEFAULT,
    ADD FOREIGN KEY (invite) REFERENCES cowrite_server.invites, ADD UNIQUE (room, own, secret);
ALTER TABLE cowrite_server.updates
    ADD begins boolean NOT NULL DEFAULT false; -- whether a moment begins with it in any case
CREATE TABLE cowrite_server.audit (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    time bigint NOT NULL,
    actor bigint REFERENCES cowrite_server.members, -- or NULL for the host
    kind text NOT NULL,
    details json NOT NULL           -- an object
);
CREATE INDEX ON cowrite_server.audit (room, id);
ALTER TABLE cowrite_server.data RENAME COLUMN withdrawals TO acts; -- grows with every act on invites or members
"""

_SEALED = """
CREATE TABLE cowrite_server.sealed (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    box text NOT NULL,              -- id of a session or poll
    author text NOT NULL,           -- by what the author is known again
    item text NOT NULL,             -- an id that the author chose
    data bytea NOT NULL,            -- a JSON object
    PRIMARY KEY (room, box, author, item)
);
CREATE TABLE cowrite_server.opened (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    box text NOT NULL,              -- one into which nothing goes any more
    data bytea,                     -- the update with all that lay in it: NULL at first, empty once it is logged
    PRIMARY KEY (room, box)
);
"""

_BLOB_BYTES = """
-- What the blobs of the room cost together; each its size, and 4096 at least.
ALTER TABLE cowrite_server.rooms ADD blob_bytes bigint NOT NULL DEFAULT 0;
UPDATE cowrite_server.rooms SET blob_bytes = held.bytes
    FROM (SELECT room, sum(greatest(octet_length(data), 4096)) AS bytes
        FROM cowrite_server.room_blobs JOIN cowrite_server.blobs USING (hash) GROUP BY room) AS held
    WHERE id = held.room;
"""

_FORGOTTEN = """
CREATE TABLE cowrite_server.forgotten (
    room bigint PRIMARY KEY,        -- the key that it had
    name text NOT NULL,             -- whoever comes to it does not make it again
    epoch text NOT NULL,            -- by which clients know that their copy is of this room
    time bigint NOT NULL
);
CREATE INDEX ON cowrite_server.forgotten (name);
ALTER TABLE cowrite_server.audit ALTER room DROP NOT NULL; -- or NULL where it tells that one was forgotten
-- To look through all updates for each member that goes with its room would keep the nodes waiting. `verify` looks.
ALTER TABLE cowrite_server.updates DROP CONSTRAINT updates_member_fkey;
CREATE INDEX ON cowrite_server.room_blobs (hash);
"""

_VERSIONS = """
CREATE TABLE cowrite_server.versions (
    room bigint NOT NULL REFERENCES cowrite_server.rooms,
    seq bigint NOT NULL,            -- of the last entry of a moment: no later one joins it
    name text NOT NULL,             -- that somebody has given the moment; empty once it was taken away
    member bigint REFERENCES cowrite_server.members, -- who did, or NULL where nobody knows
    time bigint NOT NULL,
    PRIMARY KEY (room, seq)
);
"""

STEPS = (_BEGINNING, _HISTORY, _MEMBERS, _SEALED, _BLOB_BYTES, _FORGOTTEN, _VERSIONS)
DATA_VERSION = len(STEPS)

TABLES = {
    "rooms": "rooms::text",
    "invites": "invites::text",
    "members": "members::text",
    "updates": "sha256(data)",
    "snapshots": "sha256(data)",
    "moments": "sha256(data)",
    "blobs": "sha256(data)",
    "room_blobs": "room_blobs::text",
    "audit": "audit::text",
    "sealed": "sha256(data)",
    "opened": "sha256(data)",
    "forgotten": "forgotten::text",
    "versions": "versions::text",
}
"""Tables that hold what people have written, with what takes all of a row to work out."""
