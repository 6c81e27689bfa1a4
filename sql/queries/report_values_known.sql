-- Whether it is known who came, of every value of the dimension $1 on each day from $2 to $3.
SELECT NOT EXISTS (SELECT FROM breakdown_daily WHERE dimension = $1 AND date BETWEEN $2::date AND $3::date AND persons IS NULL)
