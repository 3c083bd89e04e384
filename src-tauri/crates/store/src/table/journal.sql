-- `part` and `target` are file names as the system has them, which need not be Unicode.
CREATE TABLE journal (
    row      INTEGER PRIMARY KEY,
    key      BLOB    NOT NULL UNIQUE CHECK (length(key) = 16),
    step     TEXT    NOT NULL,
    part     BLOB,
    target   BLOB,
    instance TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    CHECK ((part IS NULL) = (target IS NULL))
) STRICT;
