CREATE TABLE event (
    sequence    INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    operator    TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    tenant      BLOB CHECK (length(tenant) = 16),
    tenant_name TEXT,
    key         BLOB CHECK (length(key) = 16),
    handle      TEXT,
    subject     TEXT,
    detail      TEXT,
    reason      TEXT,
    CHECK ((tenant IS NULL) = (tenant_name IS NULL)),
    CHECK ((key IS NULL) = (handle IS NULL))
) STRICT;
CREATE INDEX event_by_key ON event (key, sequence) WHERE key IS NOT NULL;

-- The log only grows, without gaps. The first trigger also refuses INSERT OR REPLACE.
CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.sequence <> (SELECT ifnull(max(sequence), 0) + 1 FROM event)
BEGIN SELECT raise(ABORT, 'events follow one another'); END;
CREATE TRIGGER event_stays BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'events do not change'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'events do not go'); END;
