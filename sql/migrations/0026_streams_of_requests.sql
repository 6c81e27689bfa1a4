-- Which streams of the buffer a request waits for, and up to where: {"stream": the number of the segment behind the last that
-- counts}, null where its machine has not come to it. Null: the request has not come that far.
ALTER TABLE person_requests DROP COLUMN streams;
ALTER TABLE person_requests ADD COLUMN streams jsonb;
