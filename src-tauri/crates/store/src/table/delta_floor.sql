-- No delta is since this export or one before it: the signing key changed after it, or services had bundles of which this list
-- knows nothing. `export` is a row of `bundle_export`.
CREATE TABLE delta_floor (
    tenant INTEGER PRIMARY KEY REFERENCES tenant (row) ON DELETE CASCADE,
    export INTEGER NOT NULL
) STRICT;
