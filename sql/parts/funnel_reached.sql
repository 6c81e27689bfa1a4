-- The steps of a funnel (`step`), when somebody took one of them (`taken`), and who came to it (`reached`). $1 from, $2 to: when a
-- step was taken; $3 the zone, in which nothing is counted; $4 the definition: {"steps": [{"page"|"category"|"event": PATTERN}, …],
-- "window_seconds", "per": person or session}.
-- Whoever takes a step takes it from the latest start that has led to the step before; so nobody is lost by having started
-- over. What happened at the same time keeps the order of its ids, in which it was recorded.
definition AS (
  SELECT
    coalesce($4::jsonb ->> 'per', 'person') AS per,
    coalesce(($4::jsonb ->> 'window_seconds')::integer, 86400) * interval '1 second' AS patience
),
step AS MATERIALIZED (
  SELECT
    place::integer AS number,
    kind,
    pattern AS name,
    like_pattern(pattern) AS pattern
  FROM jsonb_array_elements($4::jsonb -> 'steps') WITH ORDINALITY AS given (step, place)
  CROSS JOIN LATERAL jsonb_each_text(step) AS condition (kind, pattern)
),
taken AS MATERIALIZED (
  SELECT
    step.number,
    CASE WHEN per = 'session' THEN s.session_id::text ELSE s.person_id::text END AS who,
    /*by s*/ 0 /*by*/ AS value_id,
    s.session_id,
    s.person_id,
    v.viewed_at AS at,
    v.id
  FROM step
  JOIN page_views AS v ON v.viewed_at >= $1::timestamptz AND v.viewed_at < $2::timestamptz
    AND CASE step.kind WHEN 'page' THEN v.page_url WHEN 'category' THEN v.page_category END LIKE step.pattern
  JOIN session_summaries AS s ON s.session_id = v.session_id AND s.person_id = v.person_id
    AND s.started_at >= $1::timestamptz - interval '24 hours' AND s.started_at < $2::timestamptz + interval '24 hours'
  CROSS JOIN definition
  WHERE $3 <> ''
    /*where s*/
  UNION ALL
  SELECT
    step.number,
    CASE WHEN per = 'session' THEN s.session_id::text ELSE s.person_id::text END,
    /*by s*/ 0 /*by*/,
    s.session_id,
    s.person_id,
    e.created_at,
    e.id
  FROM step
  JOIN user_events AS e ON step.kind = 'event' AND e.created_at >= $1::timestamptz AND e.created_at < $2::timestamptz
    AND e.event_action LIKE step.pattern
  JOIN session_summaries AS s ON s.session_id = e.session_id AND s.person_id = e.person_id
    AND s.started_at >= $1::timestamptz - interval '24 hours' AND s.started_at < $2::timestamptz + interval '24 hours'
  CROSS JOIN definition
  WHERE true
    /*where s*/
),
reached AS (
  SELECT number, who, at, id, at AS began_at FROM taken WHERE number = 1
  UNION ALL
  SELECT number, who, at, id, began_at
  FROM (
    SELECT
      merged.number,
      max(merged.number) FILTER (WHERE merged.began_at IS NOT NULL) OVER () AS number_before,
      who,
      at,
      id,
      merged.began_at IS NULL AS is_candidate,
      max(merged.began_at) OVER (
        PARTITION BY who ORDER BY at, id, merged.began_at NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS began_at
    FROM (
      SELECT number, who, at, id, began_at FROM reached
      UNION ALL
      SELECT number, who, at, id, NULL FROM taken WHERE number > 1
    ) AS merged
  ) AS candidate, definition
  WHERE is_candidate AND number = number_before + 1 AND at <= began_at + patience
)
