-- name: next_point
SELECT min(point_id) FROM segment WHERE point_id > ?;

-- name: before
-- Segments of a point that begin after a time and end before one, oldest first. They do not overlap.
SELECT point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id,
    NULL, NULL, NULL, crc, NULL
FROM segment
WHERE point_id = ? AND first_ms > ? AND first_ms < ? AND last_ms < ?
ORDER BY first_ms
LIMIT ?;

-- name: newest_before
-- The same, newest first, and whether there is a roll-up by the minute.
SELECT point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id,
    CASE WHEN minutes IS NULL THEN NULL ELSE x'' END, NULL, NULL, crc, NULL
FROM segment
WHERE point_id = ? AND first_ms < ? AND last_ms < ?
ORDER BY first_ms DESC;
