-- `folded` is the name in lower case: SQLite's own folding knows ASCII only.
CREATE TABLE tenant (
    row               INTEGER PRIMARY KEY,
    id                BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    name              TEXT    NOT NULL,
    folded            TEXT    NOT NULL UNIQUE,
    prefix            TEXT    NOT NULL,
    max_lifetime_days INTEGER,
    allow_never       INTEGER NOT NULL CHECK (allow_never IN (0, 1)),
    require_api_set   INTEGER NOT NULL CHECK (require_api_set IN (0, 1)),
    keep              TEXT    NOT NULL,
    warning_days      INTEGER NOT NULL CHECK (warning_days >= 0),
    sequence          INTEGER NOT NULL CHECK (sequence >= 0),
    created_at        INTEGER NOT NULL
) STRICT;
