-- What a check found: $1 its name, $2 type, $3 table; $4 status, $5 in words, $6 the figure, $7 what makes it a warning.
INSERT INTO data_quality_checks (check_name, check_type, table_name, status, message, metric_value, threshold)
VALUES ($1, $2, $3, $4, $5, $6::numeric, $7::numeric)
