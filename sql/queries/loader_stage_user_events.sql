COPY batch_user_events (
  id, session_id, created_at, person_id, page_view_id, browser_id, context_id, scroll_position, is_by_alias,
  event_type, event_category, event_action, event_label, event_value, element_id, element_class, element_text,
  element_selector, source, viewport_position, metadata
) FROM STDIN WITH (FORMAT binary)
