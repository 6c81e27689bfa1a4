// Servers and their children that outlived the supervisor or each other. The kernel ends them with their parent, but it may
// take them a while, and a backend that is busy does not notice the end of its server. A new server refuses to start beside
// them. They are known by where they stand: PostgreSQL's processes, and only they, work in the data folder; a server that has
// just begun and does not stand there yet is known by what it was given.
#include "base/clock.h"
#include "base/log.h"
#include "cluster/internal.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_INTERVAL_MS 20
#define WAIT_FAST_MS (20 * CLOCK_SECOND_MS)
#define WAIT_ALL_MS (40 * CLOCK_SECOND_MS)

typedef void (*OrphanVisit)(pid_t pid, pid_t parent, void *context);

static bool link_is(pid_t pid, const char *name, const char *wanted, bool is_only_end)
{
	char path[64];
	char target[CLUSTER_PATH_SIZE];
	(void) snprintf(path, sizeof path, "/proc/%d/%s", (int) pid, name);
	ssize_t size = readlink(path, target, sizeof target - 1);
	if (size <= 0)
		return false;
	target[size] = '\0';
	// A program that was replaced since, by an upgrade, ends so.
	char *deleted = strstr(target, " (deleted)");
	if (deleted != NULL)
		*deleted = '\0';
	size_t length = strlen(target);
	size_t wanted_length = strlen(wanted);
	if (is_only_end)
		return length >= wanted_length && strcmp(target + length - wanted_length, wanted) == 0;
	return strcmp(target, wanted) == 0;
}

// Parent of a process; 0 when it is gone.
static pid_t parent_of(pid_t pid)
{
	char path[64];
	char text[512];
	(void) snprintf(path, sizeof path, "/proc/%d/stat", (int) pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return 0;
	size_t size = fread(text, 1, sizeof text - 1, file);
	(void) fclose(file);
	text[size] = '\0';
	const char *behind_name = strrchr(text, ')'); // pid (name) state parent …
	return behind_name == NULL || strlen(behind_name) < 4 ? 0 : (pid_t) strtol(behind_name + 4, NULL, 10);
}

// Whether the data folder is one of its arguments.
static bool was_given_data(const Cluster *cluster, pid_t pid)
{
	char path[64];
	char text[2 * CLUSTER_PATH_SIZE];
	(void) snprintf(path, sizeof path, "/proc/%d/cmdline", (int) pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return false;
	size_t size = fread(text, 1, sizeof text - 1, file);
	(void) fclose(file);
	text[size] = '\0';
	for (const char *argument = text; argument < text + size; argument += strlen(argument) + 1)
		if (strcmp(argument, cluster->place.data) == 0)
			return true;
	return false;
}

// A process that ends has no program any more while it still gives back the memory that it shared, and a place to stand until
// after that.
static bool is_ending(pid_t pid)
{
	char path[64];
	char target[1];
	(void) snprintf(path, sizeof path, "/proc/%d/exe", (int) pid);
	return readlink(path, target, sizeof target) < 0 && errno == ENOENT;
}

static bool is_ours(const Cluster *cluster, pid_t pid)
{
	if (link_is(pid, "cwd", cluster->place.data, false))
		return link_is(pid, "exe", "/postgres", true) || is_ending(pid);
	return link_is(pid, "exe", "/postgres", true) && was_given_data(cluster, pid);
}

static int orphans_visit(const Cluster *cluster, OrphanVisit visit, void *context)
{
	int count = 0;
	DIR *folder = opendir("/proc");
	struct dirent *entry = NULL;
	while (folder != NULL && (entry = readdir(folder)) != NULL)
	{
		pid_t pid = (pid_t) strtol(entry->d_name, NULL, 10);
		if (pid <= 1 || !is_ours(cluster, pid))
			continue;
		count++;
		visit(pid, parent_of(pid), context);
	}
	if (folder != NULL)
		(void) closedir(folder);
	return count;
}

// A server whose children are others of these is asked to shut down; a child without its server ends at once.
typedef struct Signals {
	const Cluster *cluster;
	int server_signal;
	int child_signal;
} Signals;

static void orphan_signal(pid_t pid, pid_t parent, void *context)
{
	const Signals *signals = context;
	if (parent > 1 && is_ours(signals->cluster, parent))
		return; // its server sees to it
	char path[CLUSTER_PATH_SIZE];
	char text[32] = "";
	Error ignored;
	FILE *file =
		cluster_path(path, &ignored, "%s/postmaster.pid", signals->cluster->place.data) ? fopen(path, "re") : NULL;
	if (file != NULL)
	{
		(void) fgets(text, sizeof text, file);
		(void) fclose(file);
	}
	bool is_server = (pid_t) strtol(text, NULL, 10) == pid;
	(void) kill(pid, is_server ? signals->server_signal : signals->child_signal);
}

bool cluster_end_orphans(const Cluster *cluster)
{
	Signals signals = {cluster, SIGINT, SIGQUIT};
	return orphans_visit(cluster, orphan_signal, &signals) > 0;
}

// A killed server leaves two files, and the next one believes them while any process of that number is there: one that has
// taken the number since, or a dead one that nobody has asked about yet (in a container, perhaps never will).
static bool lock_files_remove(const Cluster *cluster, Error *error)
{
	char paths[2][CLUSTER_PATH_SIZE];
	if (!cluster_path(paths[0], error, "%s/postmaster.pid", cluster->place.data)
		|| !cluster_path(paths[1], error, "%s/.s.PGSQL.5432.lock", cluster->place.socket))
		return false;
	for (size_t i = 0; i < 2; i++)
		if (unlink(paths[i]) != 0 && errno != ENOENT)
			return error_set_errno(error, ERROR_SYSTEM,
				"cannot remove %s, which a PostgreSQL that was killed left behind", paths[i]);
	return true;
}

bool cluster_orphans_wait(const Cluster *cluster, Error *error)
{
	if (!cluster_end_orphans(cluster))
		return lock_files_remove(cluster, error);
	log_event(LOG_WARNING, "postgres.orphans", "folder=%s", cluster->place.folder);
	int64_t start_us = clock_monotonic_us();
	Signals harder = {cluster, SIGQUIT, SIGKILL};
	for (;;)
	{
		(void) poll(NULL, 0, WAIT_INTERVAL_MS);
		int64_t waited_ms = (clock_monotonic_us() - start_us) / 1000;
		bool is_any = waited_ms < WAIT_FAST_MS ? cluster_end_orphans(cluster)
											   : orphans_visit(cluster, orphan_signal, &harder) > 0;
		if (!is_any)
			return lock_files_remove(cluster, error);
		if (waited_ms > WAIT_ALL_MS)
			return error_set(error, ERROR_BUSY, "an earlier PostgreSQL still runs in %s and does not end",
				cluster->place.data);
	}
}
