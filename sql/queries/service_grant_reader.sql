-- $1 the role; whoever owns everything needs nothing.
SELECT grant_reader($1::name) WHERE $1::name <> current_user
