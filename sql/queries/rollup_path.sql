-- The search_path: the schema $1, behind its copy where roll-ups are made anew ($2).
SELECT set_config('search_path', CASE WHEN $2::boolean THEN quote_ident($1::text || '_rollup') || ', ' ELSE '' END || quote_ident($1::text) || ', public', false)
