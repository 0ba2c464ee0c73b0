-- What SQL and Grafana users are promised: a row for each sample of a register, described.
CREATE VIEW public.register_readings AS
SELECT
    sample.at AS "timestamp",
    point.device_id,
    point.register_address,
    sample.value,
    CASE WHEN sample.quality >= 128 THEN 'bad' WHEN sample.quality >= 64 THEN 'uncertain' ELSE 'good' END AS quality,
    point.register_name,
    point.data_type,
    point.unit
FROM history.sample AS sample
JOIN history.point AS point USING (point_id)
WHERE point.device_id IS NOT NULL AND NOT point.gone;
