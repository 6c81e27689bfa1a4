#include "base/file.h"
#include "base/hash.h"
#include "cluster/internal.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHARED_FOLDER "/var/lib/sojourn"
#define SOCKET_NAME "/.s.PGSQL.5432"
#define SOCKET_PATH_MAX (sizeof((struct sockaddr_un *) NULL)->sun_path - sizeof SOCKET_NAME)

bool cluster_path(char path[CLUSTER_PATH_SIZE], Error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(path, CLUSTER_PATH_SIZE, format, arguments);
	va_end(arguments);
	return (size >= 0 && size < CLUSTER_PATH_SIZE)
		|| error_set(error, ERROR_BAD_INPUT, "the path of the state directory is too long: %.200s…", path);
}

static bool resolve(const char *path, char resolved[CLUSTER_PATH_SIZE], Error *error)
{
	char real[PATH_MAX];
	if (realpath(path, real) == NULL)
		return error_set_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM, "cannot find %s", path);
	return cluster_path(resolved, error, "%s", real);
}

static bool place_fill(ClusterPlace *place, Error *error)
{
	return cluster_path(place->data, error, "%s/data", place->folder)
		&& cluster_path(place->log, error, "%s/postgres.log", place->folder);
}

bool cluster_locate(const char *state_dir, ClusterPlace *place, Error *error)
{
	char path[CLUSTER_PATH_SIZE];
	if (!cluster_path(path, error, "%s/postgres", state_dir) || !resolve(path, place->folder, error)
		|| !cluster_path(path, error, "%s/socket", place->folder) || !resolve(path, place->socket, error))
	{
		if (error->code == ERROR_NOT_FOUND)
			return error_set(error, ERROR_NOT_FOUND,
				"no database is configured, and %s holds none; run `sojourn up`, or set `database`", state_dir);
		return false;
	}
	return place_fill(place, error);
}

void cluster_dsn(const ClusterPlace *place, const char *role, const char *database, char dsn[CLUSTER_DSN_SIZE])
{
	(void) snprintf(dsn, CLUSTER_DSN_SIZE, "host=%s port=5432 user=%s dbname=%s", place->socket, role, database);
}

// ── The account ──

// Whether another account may enter a folder: asked of the kernel, in that account's place.
static bool may_enter(const ProcessUser *user, const char *folder)
{
	if (!user->is_set)
		return access(folder, X_OK) == 0;
	pid_t pid = fork();
	if (pid == 0)
		_exit(process_user_become(user) && access(folder, X_OK) == 0 ? 0 : 1);
	int status = 1;
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return pid > 0 && status == 0;
}

static bool user_choose(const ClusterOptions *options, const char *data, ProcessUser *user, Error *error)
{
	struct stat status;
	bool has_data = stat(data, &status) == 0;
	*user = (ProcessUser){.is_set = false};
	if (geteuid() != 0)
		return !has_data || status.st_uid == geteuid()
			|| error_set(error, ERROR_FORBIDDEN,
				"%s belongs to another account (uid %u); run as that account, as root, or with another state directory",
				data, status.st_uid);
	if (has_data && status.st_uid == 0)
		return error_set(error, ERROR_FORBIDDEN,
			"%s belongs to root, and PostgreSQL refuses to run as root; give it to another account (chown -R)", data);
	if (has_data)
	{
		*user = (ProcessUser){.is_set = true, .uid = status.st_uid, .gid = status.st_gid};
		return true;
	}
	if (options->user != NULL && *options->user != '\0')
		return process_user_find(options->user, user, error);
	return process_user_find("postgres", user, error) || process_user_find("nobody", user, error);
}

// ── The folder ──

// A folder in /var/lib/sojourn, with a link to it where it is looked for.
static bool folder_make_elsewhere(const ClusterOptions *options, const char *link, char folder[CLUSTER_PATH_SIZE],
	Error *error)
{
	char note[CLUSTER_PATH_SIZE];
	if (!file_make_directory(SHARED_FOLDER, 0755, error)
		|| !cluster_path(folder, error, "%s/postgres-XXXXXX", SHARED_FOLDER))
		return false;
	if (mkdtemp(folder) == NULL || chmod(folder, 0711) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot make a folder in %s", SHARED_FOLDER);
	if (symlink(folder, link) != 0)
	{
		(void) error_set_errno(error, ERROR_SYSTEM, "cannot make the link %s", link);
		(void) rmdir(folder);
		return false;
	}
	return cluster_path(note, error, "%s/state-dir", folder)
		&& file_replace(note, slice_from(options->state_dir), 0644, error);
}

static bool folder_make(const ClusterOptions *options, const ProcessUser *user, char folder[CLUSTER_PATH_SIZE],
	Error *error)
{
	char path[CLUSTER_PATH_SIZE];
	struct stat status;
	if (!cluster_path(path, error, "%s/postgres", options->state_dir))
		return false;
	if (lstat(path, &status) != 0)
	{
		if (!may_enter(user, options->state_dir))
			return folder_make_elsewhere(options, path, folder, error);
		if (mkdir(path, user->is_set ? 0711 : 0700) != 0)
			return error_set_errno(error, ERROR_SYSTEM, "cannot make the folder %s", path);
	}
	if (!resolve(path, folder, error))
		return error_prefix(error, "the database of %s lies elsewhere: ", options->state_dir);
	return may_enter(user, folder)
		|| error_set(error, ERROR_FORBIDDEN,
			"the account that runs PostgreSQL (uid %u) may not enter %s; open the folders above it (chmod o+x)",
			user->uid, folder);
}

// ── The socket ──

// libpq and PostgreSQL take a comma for a list, and a path in a connection string or a settings file without quoting.
static bool socket_path_is_good(const char *path)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.-+";
	return strlen(path) <= SOCKET_PATH_MAX && strspn(path, good) == strlen(path);
}

static bool socket_folder_own(const char *path, const ProcessUser *user, Error *error)
{
	struct stat status;
	uid_t owner = user->is_set ? user->uid : geteuid();
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return error_set_errno(error, ERROR_SYSTEM, "cannot make the folder %s", path);
	if (lstat(path, &status) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot look at %s", path);
	// In /tmp somebody else may have been first.
	if (!S_ISDIR(status.st_mode) || (status.st_uid != owner && status.st_uid != geteuid()))
		return error_set(error, ERROR_FORBIDDEN, "%s is there already and is not ours; remove it", path);
	if (chmod(path, 0700) != 0 || (user->is_set && lchown(path, user->uid, user->gid) != 0))
		return error_set_errno(error, ERROR_SYSTEM, "cannot set the owner of %s", path);
	return true;
}

static void socket_path_short(const char *folder, char path[CLUSTER_PATH_SIZE])
{
	char parent[64];
	struct stat status;
	(void) snprintf(parent, sizeof parent, "/run/user/%u", geteuid());
	if (geteuid() == 0 && stat("/run", &status) == 0)
		(void) snprintf(parent, sizeof parent, "/run");
	else if (stat(parent, &status) != 0 || status.st_uid != geteuid())
		(void) snprintf(parent, sizeof parent, "/tmp");
	(void) snprintf(path, CLUSTER_PATH_SIZE, "%s/sojourn-%016" PRIx64, parent, hash_checksum(slice_from(folder), 0));
}

static bool socket_make(const ProcessUser *user, const char *folder, char socket[CLUSTER_PATH_SIZE], Error *error)
{
	char link[CLUSTER_PATH_SIZE];
	struct stat status;
	if (!cluster_path(link, error, "%s/socket", folder))
		return false;
	bool is_good = socket_path_is_good(link);
	// The folder may have been moved since: a link gives way to a folder, and the other way round.
	if (lstat(link, &status) == 0 && S_ISLNK(status.st_mode))
		(void) unlink(link);
	else if (!is_good)
		(void) rmdir(link);
	if (is_good)
		return socket_folder_own(link, user, error) && cluster_path(socket, error, "%s", link);
	socket_path_short(folder, socket);
	if (!socket_folder_own(socket, user, error))
		return false;
	return symlink(socket, link) == 0 || error_set_errno(error, ERROR_SYSTEM, "cannot make the link %s", link);
}

bool cluster_place_make(const ClusterOptions *options, Cluster *cluster, Error *error)
{
	ClusterPlace *place = &cluster->place;
	char data[CLUSTER_PATH_SIZE];
	return cluster_path(data, error, "%s/postgres/data", options->state_dir)
		&& user_choose(options, data, &cluster->user, error)
		&& folder_make(options, &cluster->user, place->folder, error) && place_fill(place, error)
		&& socket_make(&cluster->user, place->folder, place->socket, error);
}
