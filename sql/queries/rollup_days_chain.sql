UPDATE person_days d SET previous_date = coalesce(
  (SELECT p.date FROM person_days p WHERE p.person_id = f.person_id AND p.date < f.date ORDER BY p.date DESC LIMIT 1), '-infinity')
FROM unnest($1::bigint[], $2::date[]) AS f (person_id, date)
WHERE d.person_id = f.person_id AND d.date = f.date
