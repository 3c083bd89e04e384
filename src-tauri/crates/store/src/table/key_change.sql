-- Which keys changed, one after the other: `key_change.rs`. Numbers have no gaps.
CREATE TABLE key_change (
    number INTEGER PRIMARY KEY,
    key    INTEGER NOT NULL
) STRICT;

-- Filters and orders are answered in memory; indexes find a name, and are for a start: the first page and the counts of
-- the tenants.
DROP INDEX key_by_name;
DROP INDEX key_by_owner;
DROP INDEX key_by_end;
DROP INDEX any_key_by_created;
DROP INDEX any_key_by_owner;
DROP INDEX any_key_by_end;
