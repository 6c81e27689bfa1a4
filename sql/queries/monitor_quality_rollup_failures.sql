-- Sessions and hours or days that could not be counted.
SELECT count(*) FROM rollup_failures
