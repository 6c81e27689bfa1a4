SELECT EXISTS (SELECT FROM waiting_leaves), EXISTS (SELECT FROM session_leaves),
  EXISTS (SELECT FROM session_leaves WHERE is_made_by_loader)
