UPDATE person_requests SET error = $2 WHERE id = $1::bigint
