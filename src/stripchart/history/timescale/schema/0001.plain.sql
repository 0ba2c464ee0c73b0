-- A partition of each month is made before its first sample comes.
CREATE TABLE history.sample (
    point_id integer NOT NULL,
    at timestamptz NOT NULL,
    value double precision,
    quality smallint NOT NULL,
    PRIMARY KEY (point_id, at)
) PARTITION BY RANGE (at);

CREATE TABLE history.minute (
    point_id integer NOT NULL,
    at timestamptz NOT NULL,
    minimum double precision,
    maximum double precision,
    total double precision,
    first double precision,
    last double precision,
    good_count bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (point_id, at)
);
CREATE INDEX minute_at ON history.minute USING brin (at);
CREATE TABLE history.hour (LIKE history.minute INCLUDING ALL);
CREATE TABLE history.whole_day (LIKE history.minute INCLUDING ALL);
