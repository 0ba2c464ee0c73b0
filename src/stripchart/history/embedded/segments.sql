-- name: segments_of_point
-- Those that share a time with the range, oldest first. Segments of a point do not overlap.
SELECT point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id,
    minutes, hours, days, crc, sparse_hours
FROM segment
WHERE point_id = :point_id AND first_ms < :end_ms AND last_ms >= :start_ms AND first_ms >= ifnull(
    (SELECT max(first_ms) FROM segment WHERE point_id = :point_id AND first_ms <= :start_ms), :start_ms
)
ORDER BY first_ms;

-- name: segments_of_point_newest_first
SELECT point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id,
    minutes, hours, days, crc, sparse_hours
FROM segment
WHERE point_id = :point_id AND first_ms < :end_ms AND last_ms >= :start_ms AND first_ms >= ifnull(
    (SELECT max(first_ms) FROM segment WHERE point_id = :point_id AND first_ms <= :start_ms), :start_ms
)
ORDER BY first_ms DESC;

-- name: newest_segments
-- Steps from point to point along the primary key, so the segments between are not looked at.
WITH RECURSIVE known (point_id) AS (
    SELECT min(point_id) FROM segment
    UNION ALL
    SELECT (SELECT min(point_id) FROM segment WHERE point_id > known.point_id)
    FROM known WHERE known.point_id IS NOT NULL
)
SELECT segment.point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id,
    NULL, NULL, NULL, crc, NULL
FROM known JOIN segment
    ON segment.point_id = known.point_id
    AND segment.first_ms = (SELECT max(first_ms) FROM segment WHERE point_id = known.point_id);

-- name: small_samples
-- What lies in small ones among the last few segments of each point; steps from point to point as above.
WITH RECURSIVE known (point_id) AS (
    SELECT min(point_id) FROM segment
    UNION ALL
    SELECT (SELECT min(point_id) FROM segment WHERE point_id > known.point_id)
    FROM known WHERE known.point_id IS NOT NULL
)
SELECT cast(point_id AS INTEGER), (
    SELECT cast(ifnull(sum(samples), 0) AS INTEGER)
    FROM (SELECT samples, body_id FROM segment WHERE point_id = known.point_id ORDER BY first_ms DESC LIMIT :segments)
    WHERE samples < :small AND body_id > 0
)
FROM known WHERE point_id IS NOT NULL;

-- name: add_segment
INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: drop_segment
DELETE FROM segment WHERE point_id = ? AND first_ms = ?;

-- name: add_sparse_hours
UPDATE segment SET sparse_hours = ? WHERE point_id = ? AND first_ms = ?;

-- name: forget_minutes
UPDATE segment SET minutes = NULL WHERE point_id = ? AND first_ms = ?;

-- name: body
SELECT times_id, value, quality, crc FROM body WHERE id = ?;

-- name: add_body
INSERT INTO body VALUES (?, ?, ?, ?, ?);

-- name: drop_body
DELETE FROM body WHERE id = ?;

-- name: times
SELECT body, crc FROM times WHERE id = ?;

-- name: add_times
INSERT INTO times VALUES (?, ?, ?, ?);

-- name: release_times
UPDATE times SET uses = uses - ? WHERE id = ?;

-- name: drop_times
DELETE FROM times WHERE id = ? AND uses <= 0;

-- name: bundle_directory
SELECT id, level, block, first_point, last_point, first_ms, last_ms, samples, head_crc FROM bundle ORDER BY id;

-- name: bundle
SELECT id, level, block, first_point, last_point, first_ms, last_ms, samples, points, times, value, quality, crc,
    head_crc
FROM bundle WHERE id = ?;

-- name: add_bundle
INSERT INTO bundle VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: drop_bundle
DELETE FROM bundle WHERE id = ?;

-- name: highest_ids
SELECT (SELECT ifnull(max(id), 0) FROM body), (SELECT ifnull(max(id), 0) FROM times),
    (SELECT ifnull(max(id), 0) FROM bundle);

-- name: state
SELECT sealed_sequence, samples, first_ms, last_ms FROM state;

-- name: new_stamp
UPDATE state SET stamp = random();

-- name: set_state
UPDATE state SET sealed_sequence = ?, samples = ?, first_ms = ?, last_ms = ?, crc = ?;

-- name: state_crc
SELECT crc FROM state;

-- name: counted
-- What the state says of samples, from the pieces themselves.
SELECT cast(ifnull(sum(samples), 0) AS INTEGER), cast(min(first_ms) AS INTEGER), cast(max(last_ms) AS INTEGER)
FROM (
    SELECT iif(body_id = 0, 0, samples) AS samples, first_ms, last_ms FROM segment
    UNION ALL SELECT samples, first_ms, last_ms FROM bundle
);
