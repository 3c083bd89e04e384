-- Organizations and user groups. `permissions` are identifiers, a line each; NULL stands for all of them.
CREATE TABLE organization (
    row         INTEGER PRIMARY KEY,
    tenant      INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    id          TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    permissions TEXT,
    UNIQUE (tenant, id)
) STRICT;

CREATE TABLE user_group (
    row         INTEGER PRIMARY KEY,
    tenant      INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    id          TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    permissions TEXT    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

CREATE TABLE key_user_group (
    key        INTEGER NOT NULL REFERENCES key (row) ON DELETE CASCADE,
    user_group INTEGER NOT NULL REFERENCES user_group (row),
    PRIMARY KEY (key, user_group)
) STRICT, WITHOUT ROWID;
CREATE INDEX key_user_group_by_group ON key_user_group (user_group, key);

-- `format`: NULL for a key that came from elsewhere. `tags`: a line each. `ends_before`: what `ends` was before a
-- successor took the key's place. `batch`: the run that the key was made in.
ALTER TABLE key ADD COLUMN format        TEXT DEFAULT 'latchkey';
ALTER TABLE key ADD COLUMN hashing       TEXT NOT NULL DEFAULT 'sha256';
ALTER TABLE key ADD COLUMN organization  INTEGER REFERENCES organization (row);
ALTER TABLE key ADD COLUMN tags          TEXT NOT NULL DEFAULT '';
ALTER TABLE key ADD COLUMN succeeds      BLOB CHECK (length(succeeds) = 16);
ALTER TABLE key ADD COLUMN superseded_at INTEGER;
ALTER TABLE key ADD COLUMN ends_before   INTEGER;
ALTER TABLE key ADD COLUMN batch         BLOB CHECK (length(batch) = 16);
CREATE INDEX key_by_digest ON key (digest) WHERE format IS NOT 'latchkey';
CREATE INDEX key_by_predecessor ON key (succeeds) WHERE succeeds IS NOT NULL;
CREATE INDEX key_by_organization ON key (organization) WHERE organization IS NOT NULL;
CREATE INDEX key_by_batch ON key (batch, row) WHERE batch IS NOT NULL;

ALTER TABLE api_set ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE api_set ADD COLUMN retired_at  INTEGER;

-- `default_days`: NULL for the program's own default, 0 for never. `salt`: of the digests of imported keys.
ALTER TABLE tenant ADD COLUMN format            TEXT NOT NULL DEFAULT 'latchkey';
ALTER TABLE tenant ADD COLUMN default_days      INTEGER;
ALTER TABLE tenant ADD COLUMN unique_names      INTEGER NOT NULL DEFAULT 0 CHECK (unique_names IN (0, 1));
ALTER TABLE tenant ADD COLUMN own_keys_only     INTEGER NOT NULL DEFAULT 0 CHECK (own_keys_only IN (0, 1));
ALTER TABLE tenant ADD COLUMN rotate_after_days INTEGER;
ALTER TABLE tenant ADD COLUMN salt              BLOB CHECK (length(salt) = 16);
