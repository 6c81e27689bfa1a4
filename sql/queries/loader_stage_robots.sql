COPY batch_robots (
  id, seen_at, robot_kind, hit_type, source, page_host, page_url, user_agent
) FROM STDIN WITH (FORMAT binary)
