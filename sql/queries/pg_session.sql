-- Makes a session ours. Run first on every connection; wins over the role's, the database's and the environment's settings.
-- $1 search_path, NULL: as it is. $2 read-only, on or off. $3 statement time-out in ms, 0 for none.
-- What only reads is not worth finishing for a client that was killed, so the server looks whether it is still there; and it has
-- many small expressions, which take longer to compile than to evaluate.
SELECT
    set_config('search_path', coalesce($1::text, current_setting('search_path')), false),
    set_config('default_transaction_read_only', $2::text, false),
    set_config('statement_timeout', $3::text, false),
    set_config('client_connection_check_interval',
      CASE WHEN $2::text = 'on' THEN '2s' ELSE current_setting('client_connection_check_interval') END, false),
    set_config('jit', CASE WHEN $2::text = 'on' THEN 'off' ELSE current_setting('jit') END, false),
    set_config('idle_in_transaction_session_timeout', '10min', false),
    set_config('TimeZone', 'UTC', false),
    set_config('DateStyle', 'ISO, YMD', false),
    set_config('IntervalStyle', 'iso_8601', false),
    set_config('bytea_output', 'hex', false),
    set_config('standard_conforming_strings', 'on', false)
