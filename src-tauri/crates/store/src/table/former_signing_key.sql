-- What tenants signed their bundles with before, and the endorsement by which each signed the next one: both parts are NULL
-- where it was lost. Services that were away need these again; nothing of them is secret.
CREATE TABLE former_signing_key (
    row        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    public_key BLOB    NOT NULL CHECK (length(public_key) = 42),
    made_at    INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    sequence   INTEGER NOT NULL CHECK (sequence >= 0),
    file       BLOB,
    signature  TEXT,
    CHECK ((file IS NULL) = (signature IS NULL))
) STRICT;
CREATE INDEX former_signing_key_by_tenant ON former_signing_key (tenant, row);
