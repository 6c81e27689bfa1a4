-- Until the transaction ends: what is small is looked up in what is large, row by row. The planner knows nothing of how much
-- stands in a step's tables, and no step may read a table of all history.
SELECT set_config('enable_nestloop', 'on', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
  set_config('enable_seqscan', 'off', true)
