#include "pg/cut.h"

#include "pg/internal.h"

#include <stdatomic.h>
#include <sys/socket.h>

static _Atomic size_t countdowns[2];

static bool is_time(PgCut cut)
{
	if (atomic_load_explicit(&countdowns[cut], memory_order_relaxed) == 0)
		return false;
	return atomic_fetch_sub(&countdowns[cut], 1) == 1;
}

static void socket_cut(const PgConn *conn)
{
	int socket = PQsocket(conn->libpq);
	if (socket >= 0)
		(void) shutdown(socket, SHUT_RDWR);
}

size_t pg_cut_at(PgCut cut, size_t nth)
{
	return atomic_exchange(&countdowns[cut], nth);
}

void pg_cut_before(PgConn *conn)
{
	if (is_time(PG_CUT_BEFORE))
		socket_cut(conn);
}

bool pg_cut_after(PgConn *conn)
{
	if (!is_time(PG_CUT_AFTER))
		return false;
	socket_cut(conn);
	PQclear(PQexec(conn->libpq, "")); // libpq learns of it
	return true;
}
