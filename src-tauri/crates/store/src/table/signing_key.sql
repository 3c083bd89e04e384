-- What a tenant signs its verifier bundles with. The seed is the item in the vault and nowhere else; `public_key` is
-- minisign's: "Ed", key number, key.
CREATE TABLE signing_key (
    tenant     INTEGER PRIMARY KEY REFERENCES tenant (row) ON DELETE CASCADE,
    item       BLOB    NOT NULL UNIQUE CHECK (length(item) = 16),
    public_key BLOB    NOT NULL CHECK (length(public_key) = 42),
    made_at    INTEGER NOT NULL
) STRICT;
