-- Few rows of large tables are looked up, whatever the planner thinks of how many there are.
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
