-- `row` rises with the moment of generation (second * 2^20 + a counter), so its order is the order by creation.
-- `state`: 2 revoked, 1 disabled, 0 decided by `ends`. `ends`: the greatest integer stands for never.
CREATE TABLE key (
    row           INTEGER PRIMARY KEY,
    id            BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant        INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    handle        TEXT    NOT NULL UNIQUE,
    display       TEXT    NOT NULL,
    digest        BLOB    NOT NULL CHECK (length(digest) = 32),
    name          TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    owner         TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    ends          INTEGER NOT NULL,
    disabled_at   INTEGER,
    revoked_at    INTEGER,
    revoke_reason TEXT,
    state         INTEGER NOT NULL CHECK (state = CASE WHEN revoked_at IS NOT NULL THEN 2 WHEN disabled_at IS NOT NULL THEN 1 ELSE 0 END),
    holding       TEXT    NOT NULL,
    handed_over   INTEGER NOT NULL CHECK (handed_over IN (0, 1))
) STRICT;

-- Every order of the list in a tenant and over all of them, each with what the status filter needs.
CREATE INDEX key_by_created     ON key (tenant, row, state, ends);
CREATE INDEX key_by_status      ON key (tenant, state, ends);
CREATE INDEX key_by_name        ON key (tenant, name COLLATE NOCASE, row, state, ends);
CREATE INDEX key_by_owner       ON key (tenant, owner COLLATE NOCASE, row, state, ends);
CREATE INDEX key_by_end         ON key (tenant, ends, row, state);
CREATE INDEX any_key_by_created ON key (row, tenant, state, ends);
CREATE INDEX any_key_by_name    ON key (name COLLATE NOCASE, row, tenant, state, ends);
CREATE INDEX any_key_by_owner   ON key (owner COLLATE NOCASE, row, tenant, state, ends);
CREATE INDEX any_key_by_end     ON key (ends, row, tenant, state);
CREATE INDEX key_by_holding     ON key (row) WHERE holding <> 'none';

CREATE TABLE key_api_set (
    key     INTEGER NOT NULL REFERENCES key (row) ON DELETE CASCADE,
    api_set INTEGER NOT NULL REFERENCES api_set (row),
    PRIMARY KEY (key, api_set)
) STRICT, WITHOUT ROWID;
CREATE INDEX key_api_set_by_set ON key_api_set (api_set, key);

-- What the search knows of a key: its words, prepared by `search.rs`. The index reads from here what it has to forget.
CREATE TABLE key_document (
    row  INTEGER PRIMARY KEY REFERENCES key (row) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
    text, content = 'key_document', content_rowid = 'row', tokenize = 'ascii', prefix = '1 2 3', detail = none
);
-- A word that leaves a key leaves the index at once, not at some later merge.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
