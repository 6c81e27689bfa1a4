-- The filter of the segment $1.
SELECT definition ->> 'filter' FROM saved WHERE kind = 'segment' AND name = $1
