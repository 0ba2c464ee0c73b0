CREATE SCHEMA history;

-- Which migrations were carried out, and whether for TimescaleDB or plain PostgreSQL.
CREATE TABLE history.migration (
    number integer PRIMARY KEY,
    kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- Every point that has samples, and what there is to know of it, once. Ids are never given again: a point that is
-- gone stays here without anything.
CREATE TABLE history.point (
    point_id integer PRIMARY KEY,
    gone boolean NOT NULL DEFAULT false,
    purged boolean NOT NULL DEFAULT false,
    device_id integer,
    register_address integer,
    register_name text,
    data_type text,
    unit text
);
CREATE INDEX point_of_device ON history.point (device_id, register_address);

-- The texts of string points, kept on change.
CREATE TABLE history.text (
    point_id integer NOT NULL,
    at timestamptz NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (point_id, at)
);

-- UTC days (since 1970) that have samples. `version` grows when samples come late; `rolled`: the roll-ups tell all of
-- the day; `sealed`: of some points the roll-ups are all that is left; `emptied`: of all points.
CREATE TABLE history.day (
    day integer PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    rolled boolean NOT NULL DEFAULT false,
    sealed boolean NOT NULL DEFAULT false,
    emptied boolean NOT NULL DEFAULT false
);

-- From when on samples and roll-ups are kept, in UTC milliseconds; point -1 is every point that has no row of its own,
-- -2 is the floor below which nothing is kept for want of room.
CREATE TABLE history.horizon (
    point_id integer PRIMARY KEY,
    raw_ms bigint NOT NULL,
    minute_ms bigint NOT NULL,
    rollup_ms bigint NOT NULL
);

-- What all samples come to: one row.
CREATE TABLE history.tally (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    samples bigint NOT NULL,
    first_at timestamptz,
    last_at timestamptz,
    dropped bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO history.tally (samples) VALUES (0);

-- How many samples and bytes there were, hour by hour, of the last week.
CREATE TABLE history.growth (
    at_ms bigint PRIMARY KEY,
    samples bigint NOT NULL
);
