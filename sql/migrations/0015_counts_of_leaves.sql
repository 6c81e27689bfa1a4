-- How often a page was clicked, and used, is known when it is left, as how long it was seen and how far it was scrolled: until a
-- leave tells, both are null, and so they stay where a client tells of no leaves. (A view from before this migration has 0.)
-- Sums are as they were. Averages of the columns are those of the views whose count is known; clicks a view in the roll-ups are
-- clicks divided by all views, as before.
ALTER TABLE page_views
  ALTER clicks_count DROP NOT NULL, ALTER clicks_count DROP DEFAULT,
  ALTER interactions_count DROP NOT NULL, ALTER interactions_count DROP DEFAULT;
