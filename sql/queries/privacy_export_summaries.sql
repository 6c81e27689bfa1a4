-- What reports are made of, with the texts of its pages. Of a session that others used, too, it says what they did as well: it is
-- left out.
DECLARE person_rows NO SCROLL CURSOR FOR
SELECT to_jsonb(s) || jsonb_build_object('person_id', s.person_id::text, 'pages', (
  SELECT coalesce(jsonb_agg(d.value ORDER BY p.place), '[]')
  FROM unnest(s.pages) WITH ORDINALITY AS p (id, place)
  LEFT JOIN dimension_values AS d ON d.id = p.id))
FROM session_summaries AS s
WHERE s.person_id = $1::bigint
  AND NOT EXISTS (
    SELECT FROM session_summaries AS o
    WHERE o.started_at = s.started_at AND o.session_id = s.session_id AND o.person_id <> s.person_id)
ORDER BY s.started_at, s.session_id
