SELECT grant_writer($1::name) WHERE $1::name <> current_user
