-- Until the transaction ends: what a step has gathered, or a bucket holds, is put together by hashes.
SELECT set_config('enable_nestloop', 'off', true), set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'off', true),
  set_config('enable_seqscan', 'on', true)
