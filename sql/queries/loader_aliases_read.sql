SELECT anonymous_id, identify_id, person_id FROM person_aliases WHERE anonymous_id = ANY ($1::bigint[])
ORDER BY anonymous_id, identify_id
