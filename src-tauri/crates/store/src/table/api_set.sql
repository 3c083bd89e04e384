-- `words` are those of identifier, name and heading, for the search.
CREATE TABLE api_set (
    row     INTEGER PRIMARY KEY,
    tenant  INTEGER NOT NULL REFERENCES tenant (row) ON DELETE CASCADE,
    id      TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    heading TEXT,
    words   TEXT    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
