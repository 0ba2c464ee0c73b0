-- Times come and go as UTC milliseconds; columns go as bytes, which cost nothing to take apart.

-- name: samples
-- Of each point its oldest samples within its own range, at most so many.
SELECT
    string_agg(int4send(asked.point_id), ''::bytea),
    string_agg(timestamptz_send(found.at), ''::bytea),
    string_agg(float8send(coalesce(found.value, 'NaN')), ''::bytea),
    string_agg(int2send(found.quality), ''::bytea)
FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS asked (point_id, start_ms, end_ms)
CROSS JOIN LATERAL (
    SELECT at, value, quality FROM history.sample
    WHERE point_id = asked.point_id
        AND at >= timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
        AND at < timestamptz 'epoch' + asked.end_ms * interval '1 millisecond'
        AND at >= $4 AND at < $5
    ORDER BY at LIMIT $6
) AS found;

-- name: samples_newest_first
SELECT
    string_agg(int4send(asked.point_id), ''::bytea),
    string_agg(timestamptz_send(found.at), ''::bytea),
    string_agg(float8send(coalesce(found.value, 'NaN')), ''::bytea),
    string_agg(int2send(found.quality), ''::bytea)
FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS asked (point_id, start_ms, end_ms)
CROSS JOIN LATERAL (
    SELECT at, value, quality FROM history.sample
    WHERE point_id = asked.point_id
        AND at >= timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
        AND at < timestamptz 'epoch' + asked.end_ms * interval '1 millisecond'
        AND at >= $4 AND at < $5
    ORDER BY at DESC LIMIT $6
) AS found;

-- name: peaks
-- Of each part of a range its lowest and its highest sample; of its bad ones the first before, between and behind those.
SELECT
    string_agg(int4send(asked.point_id), ''::bytea),
    string_agg(timestamptz_send(found.at), ''::bytea),
    string_agg(float8send(coalesce(found.value, 'NaN')), ''::bytea),
    string_agg(int2send(found.quality), ''::bytea)
FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $6::bigint[]) AS asked (point_id, start_ms, end_ms, part_ms)
CROSS JOIN LATERAL (
    WITH part AS (
        SELECT
            date_bin(
                asked.part_ms * interval '1 millisecond', at,
                timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
            ) AS begins,
            min(ARRAY[value, date_part('epoch', at), quality]) FILTER (WHERE value IS NOT NULL) AS low,
            max(ARRAY[value, date_part('epoch', at), quality]) FILTER (WHERE value IS NOT NULL) AS high,
            count(*) > count(value) AS has_bad
        FROM history.sample
        WHERE point_id = asked.point_id
            AND at >= timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
            AND at < timestamptz 'epoch' + asked.end_ms * interval '1 millisecond'
            AND at >= $4 AND at < $5
        GROUP BY 1
    )
    SELECT
        timestamptz 'epoch' + round(1000 * peak[2])::bigint * interval '1 millisecond' AS at,
        peak[1] AS value,
        peak[3]::smallint AS quality
    FROM (SELECT low AS peak FROM part UNION SELECT high FROM part) AS peaks
    WHERE peak IS NOT NULL
    UNION ALL
    SELECT bad.at, NULL, bad.quality
    FROM part CROSS JOIN LATERAL (
        SELECT DISTINCT ON (place)
            at,
            quality,
            coalesce(
                (date_part('epoch', at) > least(part.low[2], part.high[2]))::integer
                + (date_part('epoch', at) > greatest(part.low[2], part.high[2]))::integer,
                0
            ) AS place
        FROM history.sample
        WHERE point_id = asked.point_id
            AND at >= part.begins
            AND at < part.begins + asked.part_ms * interval '1 millisecond'
            AND at < timestamptz 'epoch' + asked.end_ms * interval '1 millisecond'
            AND at >= $4 AND at < $5
            AND value IS NULL
        ORDER BY place, at
    ) AS bad
    WHERE part.has_bad
) AS found;

-- name: peaks_by_minute
-- The same where minutes are rolled up: only those are looked into that have a peak, or bad samples.
SELECT
    string_agg(int4send(asked.point_id), ''::bytea),
    string_agg(timestamptz_send(found.at), ''::bytea),
    string_agg(float8send(coalesce(found.value, 'NaN')), ''::bytea),
    string_agg(int2send(found.quality), ''::bytea)
FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $6::bigint[]) AS asked (point_id, start_ms, end_ms, part_ms)
CROSS JOIN LATERAL (
    WITH minute AS MATERIALIZED (
        SELECT
            at,
            minimum,
            maximum,
            count > good_count AS has_bad,
            date_bin(
                asked.part_ms * interval '1 millisecond', at,
                timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
            ) AS part
        FROM history.minute
        WHERE point_id = asked.point_id
            AND at >= timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
            AND at < timestamptz 'epoch' + asked.end_ms * interval '1 millisecond'
            AND at >= $4 AND at < $5
    ), peak AS MATERIALIZED (
        SELECT part, low.at AS low_at, low.value AS low, low.quality AS low_quality,
            high.at AS high_at, high.value AS high, high.quality AS high_quality
        FROM (
            SELECT
                part,
                min(ARRAY[minimum, date_part('epoch', at)]) FILTER (WHERE minimum IS NOT NULL) AS low,
                min(ARRAY[-maximum, date_part('epoch', at)]) FILTER (WHERE maximum IS NOT NULL) AS high
            FROM minute GROUP BY 1
        ) AS each
        LEFT JOIN LATERAL (
            SELECT at, value, quality FROM history.sample
            WHERE point_id = asked.point_id
                AND at >= timestamptz 'epoch' + each.low[2] * interval '1 second'
                AND at < timestamptz 'epoch' + (each.low[2] + 60) * interval '1 second'
                AND at >= $4 AND at < $5
                AND value = each.low[1]
            ORDER BY at LIMIT 1
        ) AS low ON true
        LEFT JOIN LATERAL (
            SELECT at, value, quality FROM history.sample
            WHERE point_id = asked.point_id
                AND at >= timestamptz 'epoch' + each.high[2] * interval '1 second'
                AND at < timestamptz 'epoch' + (each.high[2] + 60) * interval '1 second'
                AND at >= $4 AND at < $5
                AND value = -each.high[1]
            ORDER BY at LIMIT 1
        ) AS high ON true
    )
    SELECT low_at AS at, low AS value, low_quality AS quality FROM peak WHERE low_at IS NOT NULL
    UNION
    SELECT high_at, high, high_quality FROM peak WHERE high_at IS NOT NULL
    UNION ALL
    SELECT at, NULL, quality FROM (
        SELECT DISTINCT ON (part, place)
            bad.at,
            bad.quality,
            coalesce((bad.at > least(low_at, high_at))::integer + (bad.at > greatest(low_at, high_at))::integer, 0)
                AS place
        FROM minute
        JOIN peak USING (part)
        CROSS JOIN LATERAL (
            SELECT at, quality FROM history.sample
            WHERE point_id = asked.point_id
                AND at >= minute.at AND at < minute.at + interval '1 minute'
                AND at >= $4 AND at < $5
                AND value IS NULL
        ) AS bad
        WHERE minute.has_bad
        ORDER BY part, place, bad.at
    ) AS bads
) AS found;

-- name: spans_of_samples
-- What the samples of the points come to, by unit; `$6` is its length.
SELECT
    string_agg(int4send(asked.point_id), ''::bytea),
    string_agg(timestamptz_send(unit), ''::bytea),
    string_agg(int8send(samples), ''::bytea),
    string_agg(int8send(good), ''::bytea),
    string_agg(float8send(coalesce(minimum, 'NaN')), ''::bytea),
    string_agg(float8send(coalesce(maximum, 'NaN')), ''::bytea),
    string_agg(float8send(coalesce(total, 0)), ''::bytea),
    string_agg(float8send(coalesce(first, 'NaN')), ''::bytea),
    string_agg(float8send(coalesce(last, 'NaN')), ''::bytea)
FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS asked (point_id, start_ms, end_ms)
CROSS JOIN LATERAL (
    SELECT
        date_bin($6::bigint * interval '1 millisecond', at, timestamptz 'epoch') AS unit,
        count(*) AS samples,
        count(value) AS good,
        min(value) AS minimum,
        max(value) AS maximum,
        sum(value) AS total,
        (min(ARRAY[date_part('epoch', at), value]) FILTER (WHERE value IS NOT NULL))[2] AS first,
        (max(ARRAY[date_part('epoch', at), value]) FILTER (WHERE value IS NOT NULL))[2] AS last
    FROM history.sample
    WHERE point_id = asked.point_id
        AND at >= timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
        AND at < timestamptz 'epoch' + asked.end_ms * interval '1 millisecond'
        AND at >= $4 AND at < $5
    GROUP BY 1
) AS found;

-- name: spans_of_rollups
SELECT
    string_agg(int4send(asked.point_id), ''::bytea),
    string_agg(timestamptz_send(unit), ''::bytea),
    string_agg(int8send(samples), ''::bytea),
    string_agg(int8send(good), ''::bytea),
    string_agg(float8send(coalesce(minimum, 'NaN')), ''::bytea),
    string_agg(float8send(coalesce(maximum, 'NaN')), ''::bytea),
    string_agg(float8send(coalesce(total, 0)), ''::bytea),
    string_agg(float8send(coalesce(first, 'NaN')), ''::bytea),
    string_agg(float8send(coalesce(last, 'NaN')), ''::bytea)
FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS asked (point_id, start_ms, end_ms)
CROSS JOIN LATERAL (
    SELECT
        date_bin($6::bigint * interval '1 millisecond', at, timestamptz 'epoch') AS unit,
        sum(count)::bigint AS samples,
        sum(good_count)::bigint AS good,
        min(minimum) AS minimum,
        max(maximum) AS maximum,
        sum(total) AS total,
        (min(ARRAY[date_part('epoch', at), first]) FILTER (WHERE first IS NOT NULL))[2] AS first,
        (max(ARRAY[date_part('epoch', at), last]) FILTER (WHERE last IS NOT NULL))[2] AS last
    FROM history.{tier}
    WHERE point_id = asked.point_id
        AND at >= timestamptz 'epoch' + asked.start_ms * interval '1 millisecond'
        AND at < timestamptz 'epoch' + asked.end_ms * interval '1 millisecond'
        AND at >= $4 AND at < $5
    GROUP BY 1
) AS found;

-- name: days
SELECT day, rolled, sealed FROM history.day WHERE (rolled OR sealed) AND day >= $1 AND day <= $2 ORDER BY day;

-- name: points
SELECT point_id, gone FROM history.point ORDER BY point_id;

-- name: horizons
SELECT point_id, raw_ms, minute_ms, rollup_ms FROM history.horizon;

-- name: newest_texts
SELECT DISTINCT ON (point_id) point_id, (extract(epoch FROM at) * 1000)::bigint, text
FROM history.text ORDER BY point_id, at DESC;

-- name: texts
-- From the text in force at the start on.
SELECT (extract(epoch FROM at) * 1000)::bigint, text FROM history.text
WHERE point_id = $1 AND at < $3 AND at >= coalesce(
    (SELECT max(at) FROM history.text WHERE point_id = $1 AND at <= $2), $2
)
ORDER BY at;

-- name: tally
SELECT samples, (extract(epoch FROM first_at) * 1000)::bigint, (extract(epoch FROM last_at) * 1000)::bigint, dropped
FROM history.tally;

-- name: add_points
INSERT INTO history.point (point_id) SELECT unnest($1::integer[]) ON CONFLICT DO NOTHING;

-- name: add_days
INSERT INTO history.day (day) SELECT unnest($1::integer[]) ON CONFLICT DO NOTHING;

-- name: add_late_days
INSERT INTO history.day (day) SELECT unnest($1::integer[])
ON CONFLICT (day) DO UPDATE SET version = day.version + 1, rolled = false, emptied = false;

-- name: upsert
-- How many of them are new.
WITH new AS MATERIALIZED (
    SELECT
        point_id, timestamptz 'epoch' + at_ms * interval '1 millisecond' AS at, nullif(value, 'NaN') AS value, quality
    FROM unnest($1::integer[], $2::bigint[], $3::double precision[], $4::smallint[])
        AS given (point_id, at_ms, value, quality)
), known AS (
    SELECT count(*) FROM new CROSS JOIN LATERAL (
        SELECT FROM history.sample WHERE point_id = new.point_id AND at = new.at LIMIT 1
    ) AS found
), stored AS (
    INSERT INTO history.sample (point_id, at, value, quality) SELECT * FROM new
    ON CONFLICT (point_id, at) DO UPDATE SET value = excluded.value, quality = excluded.quality
)
SELECT (SELECT count(*) FROM new) - (SELECT count FROM known);

-- name: add_texts
-- Only texts that differ from the one in force before them.
INSERT INTO history.text (point_id, at, text)
SELECT $1, $2, $3 WHERE $3 IS DISTINCT FROM (
    SELECT text FROM history.text WHERE point_id = $1 AND at <= $2 ORDER BY at DESC LIMIT 1
)
ON CONFLICT (point_id, at) DO UPDATE SET text = excluded.text;

-- name: note_added
UPDATE history.tally SET
    samples = samples + $1,
    first_at = least(first_at, timestamptz 'epoch' + $2::bigint * interval '1 millisecond'),
    last_at = greatest(last_at, timestamptz 'epoch' + $3::bigint * interval '1 millisecond');

-- name: set_horizons
INSERT INTO history.horizon (point_id, raw_ms, minute_ms, rollup_ms)
SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[])
ON CONFLICT (point_id) DO UPDATE SET
    raw_ms = excluded.raw_ms, minute_ms = excluded.minute_ms, rollup_ms = excluded.rollup_ms;

-- name: drop_other_horizons
DELETE FROM history.horizon WHERE point_id >= -1 AND point_id <> ALL ($1::integer[]);

-- name: forget
INSERT INTO history.point (point_id, gone) SELECT unnest($1::integer[]), true
ON CONFLICT (point_id) DO UPDATE SET gone = true;

-- name: describe
INSERT INTO history.point (point_id, device_id, register_address, register_name, data_type, unit)
SELECT * FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[])
ON CONFLICT (point_id) DO UPDATE SET
    device_id = excluded.device_id,
    register_address = excluded.register_address,
    register_name = excluded.register_name,
    data_type = excluded.data_type,
    unit = excluded.unit
WHERE (point.device_id, point.register_address, point.register_name, point.data_type, point.unit)
    IS DISTINCT FROM
    (excluded.device_id, excluded.register_address, excluded.register_name, excluded.data_type, excluded.unit);

-- name: due_days
SELECT day, version FROM history.day WHERE NOT rolled AND NOT sealed AND day < $1 ORDER BY day;

-- name: day_is_rolled
UPDATE history.day SET rolled = true WHERE day = $1 AND version = $2 AND NOT sealed;

-- name: first_due_day
SELECT min(day) FROM history.day WHERE NOT rolled AND NOT sealed;

-- name: roll_minutes
INSERT INTO history.minute
SELECT
    point_id,
    date_bin('1 minute', at, timestamptz 'epoch'),
    min(value),
    max(value),
    sum(value),
    (min(ARRAY[date_part('epoch', at), value]) FILTER (WHERE value IS NOT NULL))[2],
    (max(ARRAY[date_part('epoch', at), value]) FILTER (WHERE value IS NOT NULL))[2],
    count(value),
    count(*)
FROM history.sample WHERE at >= $1 AND at < $2 GROUP BY 1, 2;

-- name: roll_on
-- Hours of minutes, days of hours.
INSERT INTO history.{tier}
SELECT
    point_id,
    date_bin($3, at, timestamptz 'epoch'),
    min(minimum),
    max(maximum),
    sum(total),
    (min(ARRAY[date_part('epoch', at), first]) FILTER (WHERE first IS NOT NULL))[2],
    (max(ARRAY[date_part('epoch', at), last]) FILTER (WHERE last IS NOT NULL))[2],
    sum(good_count),
    sum(count)
FROM history.{finer} WHERE at >= $1 AND at < $2 GROUP BY 1, 2;

-- name: days_to_empty
SELECT day FROM history.day WHERE day < $1 AND NOT emptied ORDER BY day LIMIT $2;

-- name: seal_days
UPDATE history.day SET sealed = true WHERE day <= $1 AND NOT sealed;

-- name: day_is_empty
UPDATE history.day SET sealed = true, emptied = true WHERE day = $1;

-- name: drop_texts
-- Those that were replaced by another before the horizon.
DELETE FROM history.text AS old WHERE point_id = ANY ($1::integer[]) AND at < (
    SELECT max(at) FROM history.text WHERE point_id = old.point_id AND at <= $2
);

-- name: to_purge
SELECT point_id FROM history.point WHERE gone AND NOT purged;

-- name: purged
UPDATE history.point SET purged = true WHERE point_id = ANY ($1::integer[]);

-- name: note_dropped
UPDATE history.tally SET samples = samples - $1, dropped = dropped + $2, first_at = $3, last_at = CASE
    WHEN $3::timestamptz IS NULL THEN NULL ELSE last_at END;

-- name: note_growth
INSERT INTO history.growth (at_ms, samples) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: drop_growth
DELETE FROM history.growth WHERE at_ms < $1;

-- name: growth
SELECT at_ms, samples FROM history.growth ORDER BY at_ms;

-- name: bytes_of_partitions
SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint FROM pg_partition_tree('history.sample');

-- name: bytes_of_tables
SELECT sum(pg_total_relation_size(each::regclass))::bigint
FROM unnest(ARRAY['history.minute', 'history.hour', 'history.whole_day', 'history.text', 'history.point']) AS each;

-- name: bytes_of_hypertables
SELECT (
    hypertable_size('history.sample') + hypertable_size('history.minute') + hypertable_size('history.hour')
    + hypertable_size('history.whole_day') + pg_total_relation_size('history.text')
)::bigint;

-- name: chunks
SELECT
    (SELECT count(*) FROM timescaledb_information.chunks
        WHERE hypertable_schema = 'history' AND hypertable_name = 'sample') AS chunks,
    count(*) FILTER (WHERE compression_status = 'Compressed') AS compressed,
    coalesce(sum(before_compression_total_bytes), 0)::bigint AS before_bytes,
    coalesce(sum(after_compression_total_bytes), 0)::bigint AS after_bytes
FROM chunk_compression_stats('history.sample');

-- name: rollup_tables
SELECT view_name, format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) AS kept_in
FROM timescaledb_information.continuous_aggregates WHERE view_schema = 'history';

-- name: clear_tier
DELETE FROM history.{tier} WHERE at >= $1 AND at < $2;

-- name: clear_points
DELETE FROM {table} WHERE point_id = ANY ($1::integer[]) AND at < $2;

-- name: clear_points_for_ever
DELETE FROM {table} WHERE point_id = ANY ($1::integer[]);

-- name: count_of_points
SELECT count(*) FROM history.sample WHERE point_id = ANY ($1::integer[]) AND at < $2;

-- name: migrated
INSERT INTO history.migration (number, kind) VALUES ($1, $2);

-- name: add_policy
SELECT add_retention_policy('history.sample', $1::integer * interval '1 day', if_not_exists => true);
