-- Remote tenants: how they are reached, and when they were asked. `options` and `network` are JSON.
CREATE TABLE remote_tenant (
    tenant    INTEGER PRIMARY KEY REFERENCES tenant (row) ON DELETE CASCADE,
    connector TEXT    NOT NULL,
    url       TEXT    NOT NULL,
    options   TEXT    NOT NULL,
    network   TEXT    NOT NULL,
    synced_at INTEGER,
    asked_at  INTEGER,
    problem   TEXT
) STRICT;

-- Where the credentials of a tenant lie in the vault; they are nowhere else.
CREATE TABLE remote_credential (
    tenant INTEGER NOT NULL REFERENCES remote_tenant (tenant) ON DELETE CASCADE,
    id     TEXT    NOT NULL,
    item   BLOB    NOT NULL UNIQUE CHECK (length(item) = 16),
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- `id`: what the server calls the key by; NULL where a person wrote it down.
CREATE TABLE remote_key (
    key          INTEGER PRIMARY KEY REFERENCES key (row) ON DELETE CASCADE,
    tenant       INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    id           TEXT,
    everything   INTEGER NOT NULL CHECK (everything IN (0, 1)),
    last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX remote_key_by_id ON remote_key (tenant, id) WHERE id IS NOT NULL;
