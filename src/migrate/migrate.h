// Migrations: numbered files, forward only, each in a transaction of its own together with its row in
// <schema>.schema_migrations (number, name, sha256, applied_at). Run under an advisory lock of the schema's, so that many
// machines may start at once: one works, the others wait and find nothing to do.
//
// Refused, with nothing changed: a migration that was applied with another content; one that was applied and is not ours
// (the database is newer than this program); one that is not applied although a later one is.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "pg/conn.h"
#include "sql/sql.h"

typedef enum MigrateState {
	MIGRATE_APPLIED,
	MIGRATE_PENDING,
	MIGRATE_CHANGED, // applied with another content
	MIGRATE_UNKNOWN, // applied by a newer program
} MigrateState;

typedef struct MigrateRow {
	int number;
	const char *name; // "0001_core"
	MigrateState state;
	const char *applied_at;        // ISO 8601, NULL where pending
	const SqlMigration *migration; // NULL where unknown
} MigrateRow;

// `migrations` is sql_migrations, or what a test puts in its place. The connection's search_path begins with `schema`.

// Applies what is pending, makes the schema if needed; *applied is how many it were.
bool migrate_apply(PgConn *conn, const char *schema, const SqlMigration *migrations, int *applied, Error *error)
	MUST_USE;
// Every migration, ours and theirs, in order. Changes nothing, also where there is no schema yet.
bool migrate_status(PgConn *conn, const char *schema, const SqlMigration *migrations, Arena *arena, MigrateRow **rows,
	size_t *count, Error *error) MUST_USE;
// True when the database is exactly what this program works with; says what to do otherwise.
bool migrate_check(PgConn *conn, const char *schema, const SqlMigration *migrations, Error *error) MUST_USE;
// Makes the partitions of one month, 1 to 12, that are missing; *made is how many it were.
bool migrate_month(PgConn *conn, int64_t year, unsigned month, int64_t *made, Error *error) MUST_USE;
// Makes the monthly partitions that are missing, from the month before `now_ms` to that many ahead.
bool migrate_months(PgConn *conn, int64_t now_ms, int64_t months_ahead, Error *error) MUST_USE;
