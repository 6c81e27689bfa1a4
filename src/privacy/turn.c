#include "privacy/turn.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "sql/sql.h"

bool privacy_turn_begin(PgConn *conn, Error *error)
{
	return pg_begin(conn, error) && pg_query(conn, sql_loader_lock, NULL, 0, NULL, error)
		&& pg_query(conn, sql_privacy_plan, NULL, 0, NULL, error);
}

bool privacy_turn_commit(PgConn *conn, Error *error)
{
	Uuid turn = uuid7_make(clock_now_ms());
	char text[UUID_TEXT_SIZE];
	uuid_format(turn, text);
	return pg_query(conn, sql_loader_turn_write, (PgParam[]){pg_param(text)}, 1, NULL, error) && pg_commit(conn, error);
}

void privacy_turn_give_up(PgConn *conn)
{
	pg_rollback(conn);
}
