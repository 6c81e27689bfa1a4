-- For a session that works for a job: it ends soon after the process that it works for.
SELECT set_config('client_connection_check_interval', '2s', false)
