-- name: pieces
SELECT (SELECT count(*) FROM segment) + (SELECT count(*) FROM bundle);

-- name: segments
SELECT point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id,
    minutes, hours, days, crc, sparse_hours
FROM segment ORDER BY point_id, first_ms;

-- name: uses_of_times
SELECT id, uses, counted FROM times
LEFT JOIN (SELECT times_id, count(*) AS counted FROM body GROUP BY times_id) ON times_id = id
WHERE uses IS NOT counted;

-- name: lost_bodies
SELECT id FROM body WHERE id NOT IN (SELECT body_id FROM segment);

-- name: texts
-- As bytes, because SQLite hands out no text that is broken.
SELECT point_id, at_ms, typeof(text), CAST(text AS BLOB) FROM text ORDER BY point_id, at_ms;
