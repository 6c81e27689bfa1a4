-- Whether sessions of the person $1 are still counted.
SELECT EXISTS (SELECT FROM session_summaries WHERE person_id = $1::bigint)
  OR EXISTS (SELECT FROM person_days WHERE person_id = $1::bigint)
  OR EXISTS (SELECT FROM person_periods WHERE person_id = $1::bigint)
