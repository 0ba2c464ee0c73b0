-- Schema 1. A value is null exactly where the quality is bad. `total` has one row and is kept in step with `sample`,
-- because counting millions of rows takes longer than anyone waits for a health page.
BEGIN IMMEDIATE;

CREATE TABLE sample (
    point_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    value REAL,
    quality INTEGER NOT NULL,
    PRIMARY KEY (point_id, at_ms)
) WITHOUT ROWID;

CREATE TABLE text (
    point_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (point_id, at_ms)
) WITHOUT ROWID;

CREATE TABLE total (
    samples INTEGER NOT NULL,
    first_ms INTEGER,
    last_ms INTEGER
);

INSERT INTO total (samples, first_ms, last_ms) VALUES (0, NULL, NULL);

PRAGMA application_id = 0x53545243;
PRAGMA user_version = 1;

COMMIT;
