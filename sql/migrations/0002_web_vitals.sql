-- What the browser measured of a page, running totals of its leaves; load time and time to interactive may come with them too.

ALTER TABLE page_views
  ADD COLUMN largest_contentful_paint_ms integer,
  ADD COLUMN interaction_to_next_paint_ms integer,
  ADD COLUMN cumulative_layout_shift numeric(7, 4);

ALTER TABLE waiting_leaves
  ADD COLUMN load_ms integer,
  ADD COLUMN interactive_ms integer,
  ADD COLUMN largest_paint_ms integer,
  ADD COLUMN next_paint_ms integer,
  ADD COLUMN layout_shift integer;       -- in ten-thousandths
