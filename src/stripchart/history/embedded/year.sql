-- Format 4 of a year file: docs/history-format.md. docs/decisions/0007-embedded-historian.md says why it is so.
PRAGMA page_size = 65536;
PRAGMA auto_vacuum = INCREMENTAL;

BEGIN IMMEDIATE;

-- One row. `sealed_sequence`: the newest batch of the journal of which this file holds all samples of its year;
-- `stamp`: a random number that each transaction draws anew, so that equal stamps mean equal contents.
CREATE TABLE state (
    sealed_sequence INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    first_ms INTEGER,
    last_ms INTEGER,
    stamp INTEGER NOT NULL,
    crc INTEGER
);
INSERT INTO state VALUES (0, 0, NULL, NULL, random(), NULL);

-- Samples of one point. Segments of a point do not overlap. A sum is null where no sample has a value;
-- `end_quality` is that of the last sample; `minutes`, `hours`, `days` are roll-ups, null where not worth
-- it, and `sparse_hours` a packed one for fewer samples an hour. Clustered by point, so that sums of a long range lie together.
CREATE TABLE segment (
    point_id INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    good INTEGER NOT NULL,
    minimum REAL,
    maximum REAL,
    total REAL,
    first REAL,
    last REAL,
    end_quality INTEGER NOT NULL,
    body_id INTEGER NOT NULL,
    minutes BLOB,
    hours BLOB,
    days BLOB,
    crc INTEGER,
    sparse_hours BLOB,
    PRIMARY KEY (point_id, first_ms)
) WITHOUT ROWID;

-- The columns of a segment; quality is null where all are good.
CREATE TABLE body (
    id INTEGER PRIMARY KEY,
    times_id INTEGER NOT NULL,
    value BLOB NOT NULL,
    quality BLOB,
    crc INTEGER NOT NULL
);

-- Times that one segment or many have in common; `uses` says how many.
CREATE TABLE times (
    id INTEGER PRIMARY KEY,
    uses INTEGER NOT NULL,
    body BLOB NOT NULL,
    crc INTEGER NOT NULL
);

-- Samples of many points with few samples each, on their way into segments. `block` is the point divided by 1024.
CREATE TABLE bundle (
    id INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    block INTEGER NOT NULL,
    first_point INTEGER NOT NULL,
    last_point INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    points BLOB NOT NULL,
    times BLOB NOT NULL,
    value BLOB NOT NULL,
    quality BLOB,
    crc INTEGER NOT NULL,
    head_crc INTEGER NOT NULL
);

PRAGMA application_id = 0x53545259;
PRAGMA user_version = 4;

COMMIT;
