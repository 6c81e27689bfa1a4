#include "api/database.h"

#include "base/clock.h"
#include "base/log.h"

#define SECOND_US ((int64_t) 1000000)

void api_database_init(ApiDatabase *database, const PgOptions *options)
{
	*database = (ApiDatabase){.options = *options, .backoff = PG_BACKOFF_DEFAULT};
	(void) pthread_mutex_init(&database->cancel_lock, NULL);
}

static void cancel_set(ApiDatabase *database, PgCancel *cancel)
{
	(void) pthread_mutex_lock(&database->cancel_lock);
	PgCancel *old = database->cancel;
	database->cancel = cancel;
	(void) pthread_mutex_unlock(&database->cancel_lock);
	pg_cancel_close(old);
}

static void database_close(ApiDatabase *database)
{
	cancel_set(database, NULL);
	pg_close(database->conn);
	database->conn = NULL;
}

void api_database_free(ApiDatabase *database)
{
	database_close(database);
	(void) pthread_mutex_destroy(&database->cancel_lock);
}

void api_database_cancel(ApiDatabase *database)
{
	(void) pthread_mutex_lock(&database->cancel_lock);
	if (database->cancel != NULL)
		pg_cancel(database->cancel);
	(void) pthread_mutex_unlock(&database->cancel_lock);
}

static void database_wait(ApiDatabase *database)
{
	database_close(database);
	database->next_try_us = clock_monotonic_us() + pg_backoff_next_ms(&database->backoff) * 1000;
}

static bool connection_make(ApiDatabase *database, Error *error)
{
	PgCancel *cancel = NULL;
	if (!pg_open(&database->options, &database->conn, error) || !pg_cancel_open(database->conn, &cancel, error))
		return false;
	cancel_set(database, cancel);
	return true;
}

static bool database_open(ApiDatabase *database, Error *error)
{
	if (clock_monotonic_us() < database->next_try_us)
		return error_set(error, ERROR_DATABASE_AWAY, "the database cannot be reached at the moment");
	if (!connection_make(database, error))
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
		database_close(database); // gone since its last use; a restarted server takes a new one at once
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
