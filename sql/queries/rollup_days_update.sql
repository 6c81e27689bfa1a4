UPDATE person_days d SET sessions = d.sessions + b.change
FROM
/*part step_days*/
WHERE b.before > 0 AND b.before + b.change > 0 AND d.person_id = b.person_id AND d.date = b.date
