-- Which hits, by place, are of somebody erased: $1 whom they name, $2 their browsers, $3 their ids.
SELECT place FROM erased_hits($1::bigint[], $2::bigint[], $3::uuid[]) AS place
