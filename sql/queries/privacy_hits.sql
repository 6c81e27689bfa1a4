-- Which of the hits, by place from 1, are of the person $1: $2 whom they name, $3 their browsers, $4 their ids. Nulls: none.
SELECT place
FROM unnest($2::bigint[], $3::bigint[], $4::uuid[]) WITH ORDINALITY AS h (user_id, browser, hit_id, place)
WHERE coalesce(user_id, alias_person(browser, hit_id)) = $1::bigint
ORDER BY place
