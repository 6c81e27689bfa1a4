SELECT EXISTS (SELECT FROM waiting_leaves), EXISTS (SELECT FROM session_leaves)
