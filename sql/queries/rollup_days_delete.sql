DELETE FROM person_days d
USING
/*part step_days*/
WHERE b.before + b.change = 0 AND d.person_id = b.person_id AND d.date = b.date
