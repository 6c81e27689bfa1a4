COPY batch_page_views (
  id, session_id, viewed_at, person_id, created_at, page_sequence_number, page_load_time_ms,
  time_to_interactive_ms, browser_id, context_id, is_by_alias, source, page_host, page_url, page_title,
  page_category, referrer, external_referrer, query_params
) FROM STDIN WITH (FORMAT binary)
