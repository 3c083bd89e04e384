CREATE TABLE profile (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    vault      TEXT    NOT NULL,
    appearance TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
