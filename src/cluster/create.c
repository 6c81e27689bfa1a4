#include "base/file.h"
#include "base/log.h"
#include "base/tree.h"
#include "cluster/internal.h"
#include "sql/sql.h"

#include <errno.h>
#include <glob.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_SIZE 4096

// What an initdb that was killed left behind.
static void leftovers_remove(const Cluster *cluster)
{
	char pattern[CLUSTER_PATH_SIZE];
	glob_t found;
	Error error;
	if (!cluster_path(pattern, &error, "%s/data-new-*", cluster->place.folder) || glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (!tree_remove(found.gl_pathv[i], &error))
			log_error("postgres.leftover", &error);
	globfree(&found);
}

static const char *last_line(char *text)
{
	size_t size = strlen(text);
	while (size > 0 && text[size - 1] == '\n')
		text[--size] = '\0';
	char *newline = strrchr(text, '\n');
	return newline == NULL ? text : newline + 1;
}

// Collation by bytes, so that no figure depends on the machine's language; letters as Unicode has them, where the machine
// knows how.
static const char *character_locale(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
	if (locale == (locale_t) 0)
		return "--lc-ctype=C";
	freelocale(locale);
	return "--lc-ctype=C.UTF-8";
}

static bool initdb_run(const Cluster *cluster, const char *data, Error *error)
{
	char program[CLUSTER_PATH_SIZE];
	char output[OUTPUT_SIZE];
	int status = 0;
	if (!cluster_path(program, error, "%s/initdb", cluster->programs))
		return false;
	const char *const arguments[] = {program, "--pgdata", data, "--username=postgres", "--auth=peer", "--encoding=UTF8",
		"--locale=C", character_locale(), "--text-search-config=simple", "--data-checksums", NULL};
	if (!process_run(arguments, &cluster->user, output, sizeof output, &status, error))
		return false;
	return status == 0
		|| error_set(error, ERROR_SYSTEM, "initdb could not make a database in %s: %s", cluster->place.folder,
			last_line(output));
}

// Made beside its place and renamed into it, so that it is there whole or not at all.
bool cluster_create(const Cluster *cluster, Error *error)
{
	char data[CLUSTER_PATH_SIZE];
	leftovers_remove(cluster);
	if (file_exists(cluster->place.data))
		return true;
	if (!cluster_path(data, error, "%s/data-new-XXXXXX", cluster->place.folder))
		return false;
	if (mkdtemp(data) == NULL)
		return error_set_errno(error, ERROR_SYSTEM, "cannot make a folder in %s", cluster->place.folder);
	if (cluster->user.is_set && chown(data, cluster->user.uid, cluster->user.gid) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot set the owner of %s", data);
	log_event(LOG_INFO, "postgres.creating", "folder=%s", cluster->place.folder);
	if (!initdb_run(cluster, data, error))
	{
		leftovers_remove(cluster);
		return false;
	}
	if (rename(data, cluster->place.data) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot rename %s", data);
	return file_sync_directory(file_system_posix(), cluster->place.folder, error);
}

static bool database_make(PgConn *conn, Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_cluster_has_database, NULL, 0, &result, error))
		return false;
	bool has = pg_bool(result, 0, 0);
	pg_result_free(result);
	return has || pg_script(conn, sql_cluster_database, error);
}

bool cluster_setup(PgConn *conn, const ClusterPlace *place, Error *error)
{
	char dsn[CLUSTER_DSN_SIZE];
	PgConn *inside = NULL;
	cluster_dsn(place, "postgres", CLUSTER_ROLE, dsn);
	bool is_ok = pg_script(conn, sql_cluster_roles, error) && database_make(conn, error)
		&& pg_open(&(PgOptions){.dsn = dsn, .application_name = "sojourn up"}, &inside, error)
		&& pg_script(inside, sql_cluster_grants, error);
	pg_close(inside);
	return is_ok;
}
