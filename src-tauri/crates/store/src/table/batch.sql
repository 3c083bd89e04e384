-- Batches that were begun and not ended. `drawn` keys are in the first `length` bytes of the file; `listed` of them are
-- in the list. `pattern`: NULL where rows are given. `recipients`, `api_sets`, `tags`, `user_groups`: a line each.
CREATE TABLE batch (
    row         INTEGER PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant      INTEGER NOT NULL REFERENCES tenant (row),
    pattern     TEXT,
    total       INTEGER NOT NULL CHECK (total > 0),
    drawn       INTEGER NOT NULL CHECK (drawn BETWEEN 0 AND total),
    listed      INTEGER NOT NULL CHECK (listed BETWEEN 0 AND drawn),
    length      INTEGER NOT NULL CHECK (length >= 0),
    step        TEXT    NOT NULL,
    part        BLOB    NOT NULL,
    target      BLOB    NOT NULL,
    delivery    TEXT    NOT NULL,
    recipients  TEXT    NOT NULL,
    format      TEXT    NOT NULL,
    description TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    api_sets    TEXT    NOT NULL,
    tags        TEXT    NOT NULL,
    organization TEXT,
    user_groups TEXT    NOT NULL,
    ends        INTEGER NOT NULL,
    operator    TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    instance    TEXT    NOT NULL,
    begun_at    INTEGER NOT NULL
) STRICT;

-- What a list of names gives, a row for each key to come.
CREATE TABLE batch_row (
    batch       INTEGER NOT NULL REFERENCES batch (row) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    description TEXT,
    owner       TEXT,
    recipient   TEXT,
    PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;

-- Keys that are drawn and not in the list: no service accepts them and no list shows them.
CREATE TABLE batch_key (
    batch       INTEGER NOT NULL REFERENCES batch (row) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    handle      TEXT    NOT NULL UNIQUE,
    display     TEXT    NOT NULL,
    digest      BLOB    NOT NULL CHECK (length(digest) = 32),
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    file        TEXT,
    PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;

-- What happened to all keys of a batch at once; each of them has it in its history.
ALTER TABLE event ADD COLUMN batch BLOB CHECK (length(batch) = 16);
CREATE INDEX event_by_batch ON event (batch, sequence) WHERE batch IS NOT NULL;
