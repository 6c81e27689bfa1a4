-- Until something else is said: what is few is put together by sorting, as a hash is made for as many as the planner fears.
SELECT set_config('enable_hashagg', 'off', true)
