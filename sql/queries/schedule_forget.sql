-- Jobs that the program does not have any more; $1 has those that it has.
DELETE FROM jobs WHERE name <> ALL ($1::text[])
