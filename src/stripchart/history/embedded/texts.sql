-- name: schema
BEGIN IMMEDIATE;
CREATE TABLE text (
    point_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (point_id, at_ms)
) WITHOUT ROWID;
PRAGMA application_id = 0x53545254;
PRAGMA user_version = 1;
COMMIT;

-- name: add_text
-- Only a text that differs from the one in force before it.
INSERT OR REPLACE INTO text (point_id, at_ms, text)
SELECT :point_id, :at_ms, :text
WHERE :text IS NOT (
    SELECT text FROM text WHERE point_id = :point_id AND at_ms <= :at_ms ORDER BY at_ms DESC LIMIT 1
);

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

-- name: drop_texts
-- The oldest of those that were replaced by another before the horizon. Behind all times there is none in force.
DELETE FROM text WHERE point_id = :point_id AND at_ms IN (
    SELECT at_ms FROM text
    WHERE point_id = :point_id AND at_ms < ifnull(
        (SELECT max(at_ms) FROM text WHERE point_id = :point_id AND at_ms <= :horizon_ms
            AND :horizon_ms < 4611686018427387904),
        :horizon_ms
    )
    ORDER BY at_ms LIMIT :most
);
