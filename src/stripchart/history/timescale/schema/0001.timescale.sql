CREATE TABLE history.sample (
    point_id integer NOT NULL,
    at timestamptz NOT NULL,
    value double precision,
    quality smallint NOT NULL,
    PRIMARY KEY (point_id, at)
);
SELECT create_hypertable('history.sample', by_range('at', interval '1 day'), create_default_indexes => false);
ALTER TABLE history.sample SET (
    timescaledb.compress,
    timescaledb.compress_segmentby = 'point_id',
    timescaledb.compress_orderby = 'at'
);
SELECT add_compression_policy('history.sample', interval '7 days');

CREATE MATERIALIZED VIEW history.minute WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT
    point_id,
    time_bucket(interval '1 minute', at) AS at,
    min(value) AS minimum,
    max(value) AS maximum,
    sum(value) AS total,
    first(value, at) FILTER (WHERE value IS NOT NULL) AS first,
    last(value, at) FILTER (WHERE value IS NOT NULL) AS last,
    count(value) AS good_count,
    count(*) AS count
FROM history.sample
GROUP BY 1, 2
WITH NO DATA;

CREATE MATERIALIZED VIEW history.hour WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT
    point_id,
    time_bucket(interval '1 hour', at) AS at,
    min(minimum) AS minimum,
    max(maximum) AS maximum,
    sum(total) AS total,
    first(first, at) FILTER (WHERE first IS NOT NULL) AS first,
    last(last, at) FILTER (WHERE last IS NOT NULL) AS last,
    sum(good_count)::bigint AS good_count,
    sum(count)::bigint AS count
FROM history.minute
GROUP BY 1, 2
WITH NO DATA;

CREATE MATERIALIZED VIEW history.whole_day WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT
    point_id,
    time_bucket(interval '1 day', at) AS at,
    min(minimum) AS minimum,
    max(maximum) AS maximum,
    sum(total) AS total,
    first(first, at) FILTER (WHERE first IS NOT NULL) AS first,
    last(last, at) FILTER (WHERE last IS NOT NULL) AS last,
    sum(good_count)::bigint AS good_count,
    sum(count)::bigint AS count
FROM history.hour
GROUP BY 1, 2
WITH NO DATA;

-- A refresh of a span whose samples were dropped would drop its roll-ups too: the window ends long before that.
SELECT add_continuous_aggregate_policy(
    'history.minute', interval '4 days', interval '1 hour', schedule_interval => interval '10 minutes'
);
SELECT add_continuous_aggregate_policy(
    'history.hour', interval '4 days', interval '1 hour', schedule_interval => interval '30 minutes'
);
SELECT add_continuous_aggregate_policy(
    'history.whole_day', interval '4 days', interval '1 hour', schedule_interval => interval '1 hour'
);
