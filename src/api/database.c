#include "api/database.h"

#include "base/clock.h"
#include "base/log.h"

#define SECOND_US ((int64_t) 1000000)

void api_database_init(ApiDatabase *database, const PgOptions *options)
{
	*database = (ApiDatabase){.options = *options, .backoff = PG_BACKOFF_DEFAULT};
}

void api_database_free(ApiDatabase *database)
{
	pg_close(database->conn);
	database->conn = NULL;
}

static void database_wait(ApiDatabase *database)
{
	pg_close(database->conn);
	database->conn = NULL;
	database->next_try_us = clock_monotonic_us() + pg_backoff_next_ms(&database->backoff) * 1000;
}

static bool database_open(ApiDatabase *database, Error *error)
{
	if (clock_monotonic_us() < database->next_try_us)
		return error_set(error, ERROR_DATABASE_AWAY, "the database cannot be reached at the moment");
	if (!pg_open(&database->options, &database->conn, error))
	{
		database_wait(database);
		log_error("api.database_away", error);
		return false;
	}
	if (database->backoff.current_ms != 0)
		log_event(LOG_INFO, "api.database_back", "version=%d", pg_server_version(database->conn));
	pg_backoff_reset(&database->backoff);
	database->next_try_us = 0;
	database->connections++;
	return true;
}

bool api_database_call(ApiDatabase *database, ApiDatabaseWork work, void *context, Error *error)
{
	bool was_open = database->conn != NULL;
	if (was_open)
	{
		if (work(database->conn, context, error))
			return true;
		if (!pg_is_away(error))
			return false;
		pg_close(database->conn); // gone since its last use; a restarted server takes a new one at once
		database->conn = NULL;
	}
	if (!database_open(database, error))
		return false;
	if (work(database->conn, context, error))
		return true;
	if (pg_is_away(error))
	{
		database_wait(database);
		log_error("api.database_away", error);
	}
	return false;
}

int api_database_retry_after_seconds(const ApiDatabase *database)
{
	int64_t wait_us = database->next_try_us - clock_monotonic_us();
	return wait_us <= SECOND_US ? 1 : (int) ((wait_us + SECOND_US - 1) / SECOND_US);
}
