#include "pg/programs.h"

#include "base/process.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Debian and Ubuntu, Red Hat, PostgreSQL built by hand.
static const char *const folder_patterns[] = {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"};

// Major version of the server in a folder; 0 if there is none that runs.
static int server_version(const char *folder)
{
	char program[PATH_MAX];
	char output[256];
	int status = 0;
	if (snprintf(program, sizeof program, "%s/postgres", folder) >= (int) sizeof program || access(program, X_OK) != 0)
		return 0;
	const char *const arguments[] = {program, "--version", NULL};
	Error ignored;
	if (!process_run(arguments, NULL, output, sizeof output, &status, &ignored) || status != 0)
		return 0;
	const char *number = strstr(output, ") "); // postgres (PostgreSQL) 15.4 (Debian …)
	return number == NULL ? 0 : (int) strtol(number + 2, NULL, 10);
}

static void newest_of_pattern(const char *pattern, int *newest, char *path, size_t path_size)
{
	glob_t found;
	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
	{
		int version = server_version(found.gl_pathv[i]);
		if (version > *newest && snprintf(path, path_size, "%s", found.gl_pathv[i]) < (int) path_size)
			*newest = version;
	}
	globfree(&found);
}

// The folder that the pg_config of PATH belongs to.
static bool configured_folder(char *folder, size_t folder_size)
{
	const char *const arguments[] = {"pg_config", "--bindir", NULL};
	int status = 0;
	Error ignored;
	if (!process_run(arguments, NULL, folder, folder_size, &status, &ignored) || status != 0)
		return false;
	folder[strcspn(folder, "\n")] = '\0';
	return *folder != '\0';
}

bool pg_programs_find(const char *folder, char *path, size_t path_size, Error *error)
{
	int version = 0;
	if (folder != NULL && *folder != '\0')
	{
		version = server_version(folder);
		if (version < PG_PROGRAMS_VERSION_LEAST)
			return error_set(error, ERROR_NOT_FOUND, "there is no PostgreSQL server of version %d or newer in %s",
				PG_PROGRAMS_VERSION_LEAST, folder);
		(void) snprintf(path, path_size, "%s", folder);
		return true;
	}
	for (size_t i = 0; i < sizeof folder_patterns / sizeof folder_patterns[0]; i++)
		newest_of_pattern(folder_patterns[i], &version, path, path_size);
	char configured[PATH_MAX];
	if (version < PG_PROGRAMS_VERSION_LEAST && configured_folder(configured, sizeof configured))
	{
		version = server_version(configured);
		(void) snprintf(path, path_size, "%s", configured);
	}
	if (version == 0)
		return error_set(error, ERROR_NOT_FOUND,
			"there is no PostgreSQL server on this machine; install one (on Debian: apt-get install postgresql), name "
			"its folder, or configure a database elsewhere");
	if (version < PG_PROGRAMS_VERSION_LEAST)
		return error_set(error, ERROR_NOT_FOUND,
			"the newest PostgreSQL server on this machine is %d; %d or newer is needed", version,
			PG_PROGRAMS_VERSION_LEAST);
	return true;
}
