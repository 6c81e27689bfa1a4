#include "harness/database.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/random.h"
#include "migrate/migrate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SCRIPT_SIZE 8192

static _Noreturn void give_up(const char *what, const Error *error)
{
	(void) fprintf(stderr, "test harness: %s: %s\n", what, error->message);
	exit(EXIT_FAILURE);
}

PgConn *test_database_open(char dsn[TEST_DSN_SIZE])
{
	Error error = {0};
	int applied = 0;
	if (!random_init(&error))
		give_up("random_init", &error);
	test_postgres_database(dsn);
	PgConn *conn = test_postgres_open(dsn, TEST_SCHEMA);
	if (!migrate_apply(conn, TEST_SCHEMA, sql_migrations, &applied, &error)
		|| !migrate_months(conn, clock_now_ms(), 3, &error))
		give_up("migrations", &error);
	return conn;
}

void test_database_run(PgConn *conn, const char *format, ...)
{
	char script[SCRIPT_SIZE];
	Error error = {0};
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(script, sizeof script, format, arguments);
	va_end(arguments);
	if (size < 0 || size >= SCRIPT_SIZE)
		error_set(&error, ERROR_TOO_LARGE, "the script is longer than %d bytes", SCRIPT_SIZE);
	if (size < 0 || size >= SCRIPT_SIZE || !pg_script(conn, script, &error))
		give_up(script, &error);
}
