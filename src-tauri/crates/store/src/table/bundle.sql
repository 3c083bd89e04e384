-- Bundles that left the building. `base`: since when, for a delta. `key_change`: the version of the list that is in it.
CREATE TABLE bundle_export (
    row        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL CHECK (sequence >= 0),
    base       INTEGER CHECK (base BETWEEN 0 AND sequence),
    issued     INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    keys       INTEGER NOT NULL CHECK (keys >= 0),
    left_out   INTEGER NOT NULL CHECK (left_out >= 0),
    key_change INTEGER NOT NULL,
    file       TEXT    NOT NULL
) STRICT;
CREATE INDEX bundle_export_by_sequence ON bundle_export (tenant, sequence);

-- What verifiers were told of each key by the newest bundle: `status` as in the bundle (0 active, 1 disabled, 2 revoked), NULL
-- for a key that is in none any more; `state` stands for all that was said of it; `since`: the sequence of the bundle that
-- said so first.
CREATE TABLE bundle_key (
    tenant INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    handle TEXT    NOT NULL,
    status INTEGER CHECK (status BETWEEN 0 AND 2),
    state  BLOB    NOT NULL CHECK (length(state) = 16),
    since  INTEGER NOT NULL CHECK (since >= 0),
    PRIMARY KEY (tenant, handle)
) STRICT, WITHOUT ROWID;
