-- name: add_sample
INSERT OR IGNORE INTO sample (point_id, at_ms, value, quality) VALUES (?, ?, ?, ?);

-- name: replace_sample
INSERT OR REPLACE INTO sample (point_id, at_ms, value, quality) VALUES (?, ?, ?, ?);

-- name: add_to_total
UPDATE total SET
    samples = samples + :added,
    first_ms = min(ifnull(first_ms, :first_ms), :first_ms),
    last_ms = max(ifnull(last_ms, :last_ms), :last_ms);

-- name: add_text
-- Only a text that differs from the one in force before it.
INSERT OR REPLACE INTO text (point_id, at_ms, text)
SELECT :point_id, :at_ms, :text
WHERE :text IS NOT (
    SELECT text FROM text WHERE point_id = :point_id AND at_ms <= :at_ms ORDER BY at_ms DESC LIMIT 1
);

-- name: read_oldest
SELECT point_id, at_ms, value, quality FROM sample
WHERE point_id = :point_id AND at_ms >= :start_ms AND at_ms < :end_ms
ORDER BY at_ms LIMIT :limit;

-- name: read_newest
SELECT point_id, at_ms, value, quality FROM sample
WHERE point_id = :point_id AND at_ms >= :start_ms AND at_ms < :end_ms
ORDER BY at_ms DESC LIMIT :limit;

-- name: count
SELECT count(*) FROM sample WHERE point_id = :point_id AND at_ms >= :start_ms AND at_ms < :end_ms;

-- name: buckets
-- One row per bucket that has samples; first and last are the ends of what has a value.
SELECT
    bucket.start_ms, bucket.minimum, bucket.maximum, bucket.mean, head.value, tail.value,
    bucket.good_count, bucket.all_count
FROM (
    SELECT
        at_ms - (at_ms % :bucket_ms + :bucket_ms) % :bucket_ms AS start_ms,
        min(value) AS minimum,
        max(value) AS maximum,
        avg(value) AS mean,
        min(at_ms) FILTER (WHERE value IS NOT NULL) AS first_ms,
        max(at_ms) FILTER (WHERE value IS NOT NULL) AS last_ms,
        count(value) AS good_count,
        count(*) AS all_count
    FROM sample
    WHERE point_id = :point_id AND at_ms >= :start_ms AND at_ms < :end_ms
    GROUP BY 1
) AS bucket
LEFT JOIN sample AS head ON head.point_id = :point_id AND head.at_ms = bucket.first_ms
LEFT JOIN sample AS tail ON tail.point_id = :point_id AND tail.at_ms = bucket.last_ms
ORDER BY bucket.start_ms;

-- name: latest
-- Steps from point to point along the primary key, so the samples between are not looked at.
WITH RECURSIVE known (point_id) AS (
    SELECT min(point_id) FROM sample
    UNION ALL
    SELECT (SELECT min(point_id) FROM sample WHERE point_id > known.point_id)
    FROM known WHERE known.point_id IS NOT NULL
)
SELECT sample.point_id, sample.at_ms, sample.value, sample.quality
FROM known JOIN sample
    ON sample.point_id = known.point_id
    AND sample.at_ms = (SELECT max(at_ms) FROM sample WHERE point_id = known.point_id)
ORDER BY sample.point_id;

-- name: latest_texts
SELECT text.point_id, text.at_ms, text.text FROM text
JOIN (SELECT point_id, max(at_ms) AS at_ms FROM text GROUP BY point_id) AS newest
    ON text.point_id = newest.point_id AND text.at_ms = newest.at_ms
ORDER BY text.point_id;

-- name: texts
-- From the text in force at the start on.
SELECT at_ms, text FROM text
WHERE point_id = :point_id AND at_ms < :end_ms AND at_ms >= ifnull(
    (SELECT max(at_ms) FROM text WHERE point_id = :point_id AND at_ms <= :start_ms), :start_ms
)
ORDER BY at_ms;

-- name: total
SELECT samples, first_ms, last_ms FROM total;
