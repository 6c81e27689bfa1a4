-- The least whole number of a bucket of a histogram.
CREATE FUNCTION histogram_least(bucket bigint) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN bucket = 0 THEN 0 ELSE ceil(power(2, (bucket - 1) / 8.0::float8) - 1e-6)::integer END
$$;
