-- Persons' days whose number of sessions changes in a step, with what it was, and the day before as it is stored.
unnest($1::bigint[], $2::date[], $3::integer[], $4::integer[], $5::date[]) AS b (person_id, date, change, before, previous_date)
