// Settings of the private cluster, written anew at each start: the machine, or who runs us, may have changed.
#include "base/buf.h"
#include "base/file.h"
#include "cluster/internal.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB ((uint64_t) 1 << 20U)
#define GIB ((uint64_t) 1 << 30U)
#define FILE_SIZE_MAX ((size_t) 65536)
#define ACCOUNT_SIZE 256

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

// What a file says as a number; `otherwise` where there is none ("max", or no such file).
static uint64_t number_read(const char *path, uint64_t otherwise)
{
	Arena arena;
	Slice content = SLICE_NONE;
	int64_t number = 0;
	Error ignored;
	arena_init(&arena, FILE_SIZE_MAX);
	bool is_ok = file_read(path, 64, &arena, &content, &ignored) && slice_to_int64(slice_trim(content), &number);
	arena_free(&arena);
	return is_ok && number > 0 ? (uint64_t) number : otherwise;
}

// The machine's, or the container's where that has less.
static uint64_t memory_bytes(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long page_size = sysconf(_SC_PAGESIZE);
	uint64_t bytes = pages > 0 && page_size > 0 ? (uint64_t) pages * (uint64_t) page_size : GIB;
	uint64_t limit = number_read("/sys/fs/cgroup/memory.max", UINT64_MAX);                       // version 2
	uint64_t limit_old = number_read("/sys/fs/cgroup/memory/memory.limit_in_bytes", UINT64_MAX); // version 1
	bytes = limit < bytes ? limit : bytes;
	return limit_old < bytes ? limit_old : bytes;
}

static uint64_t disk_bytes_free(const char *folder)
{
	struct statvfs disk;
	return statvfs(folder, &disk) == 0 ? (uint64_t) disk.f_bavail * disk.f_frsize : 10 * GIB;
}

// pglz, the only method that every server has, costs several times as much.
static const char *wal_compression(const Cluster *cluster)
{
	char program[CLUSTER_PATH_SIZE];
	char output[1024];
	int status = 1;
	Error ignored;
	if (!cluster_path(program, &ignored, "%s/postgres", cluster->programs))
		return "on";
	const char *const arguments[] = {program, "-D", cluster->place.data, "-c", "wal_compression=lz4", "-C",
		"wal_compression", NULL};
	bool is_run = process_run(arguments, &cluster->user, output, sizeof output, &status, &ignored);
	return is_run && status == 0 ? "lz4" : "on";
}

static void settings_write(Buf *buf, const Cluster *cluster)
{
	uint64_t memory = memory_bytes();
	uint64_t wal_max = clamp(disk_bytes_free(cluster->place.folder) / 10, 256 * MIB, 8 * GIB);
	const struct {
		const char *name;
		uint64_t bytes;
	} sizes[] = {
		{"shared_buffers", clamp(memory / 5, 64 * MIB, 4 * GIB)},
		{"effective_cache_size", clamp(memory / 5 * 3, 128 * MIB, 1024 * GIB)},
		{"work_mem", clamp(memory / 256, 8 * MIB, 64 * MIB)},
		{"maintenance_work_mem", clamp(memory / 16, 64 * MIB, GIB)},
		{"max_wal_size", wal_max},
		{"min_wal_size", clamp(wal_max / 8, 80 * MIB, GIB)},
	};
	buf_append_text(buf, "# Written at each start. Settings of your own go to ../local.conf and win over these.\n");
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		buf_append_format(buf, "%s = %" PRIu64 "MB\n", sizes[i].name, sizes[i].bytes / MIB);
	buf_append_format(buf, "wal_compression = %s\n", wal_compression(cluster));
	buf_append_format(buf, "unix_socket_directories = '%s'\n", cluster->place.socket);
	buf_append_text(buf,
		"listen_addresses = ''\n"
		"port = 5432\n"
		"unix_socket_permissions = 0700\n"
		"max_connections = 40\n"
		"checkpoint_timeout = 15min\n"
		"random_page_cost = 1.1\n"
		"effective_io_concurrency = 64\n"
		"jit = off\n"
		"autovacuum_naptime = 30s\n"
		"timezone = 'UTC'\n"
		"log_timezone = 'UTC'\n"
		"datestyle = 'ISO, YMD'\n"
		"default_text_search_config = 'pg_catalog.simple'\n"
		"\n"
		"# Errors of statements are the caller's to tell, and may hold values: the log has the server's own words "
		"only.\n"
		"log_destination = stderr\n"
		"logging_collector = off\n"
		"log_line_prefix = '%m [%p] '\n"
		"log_min_messages = log\n"
		"log_min_error_statement = panic\n"
		"log_error_verbosity = terse\n"
		"log_parameter_max_length = 0\n"
		"log_parameter_max_length_on_error = 0\n"
		"log_checkpoints = off\n"
		"log_autovacuum_min_duration = -1\n"
		"\n"
		"include_if_exists = '../local.conf'\n");
}

static void account_name(uid_t uid, char name[ACCOUNT_SIZE])
{
	char text[4096];
	struct passwd entry;
	struct passwd *found = NULL;
	name[0] = '\0';
	if (getpwuid_r(uid, &entry, text, sizeof text, &found) == 0 && found != NULL
		&& strpbrk(found->pw_name, "\"\n") == NULL)
		(void) snprintf(name, ACCOUNT_SIZE, "%s", found->pw_name);
}

static void accounts_write(Buf *buf, const Cluster *cluster)
{
	static const char *const roles[] = {"postgres", CLUSTER_ROLE, CLUSTER_ROLE_READER, CLUSTER_ROLE_WRITER};
	char accounts[2][ACCOUNT_SIZE];
	account_name(geteuid(), accounts[0]);
	account_name(cluster->user.is_set ? cluster->user.uid : geteuid(), accounts[1]);
	int different = strcmp(accounts[0], accounts[1]) == 0 ? 1 : 2;
	buf_append_text(buf, "# map account role. Written at each start.\n");
	for (int i = 0; i < different; i++)
		for (size_t role = 0; role < sizeof roles / sizeof roles[0]; role++)
			if (accounts[i][0] != '\0')
				buf_append_format(buf, "sojourn \"%s\" %s\n", accounts[i], roles[role]);
}

static bool file_write(const Cluster *cluster, const char *name, const Buf *buf, Error *error)
{
	char path[CLUSTER_PATH_SIZE];
	if (!buf_is_ok(buf))
		return error_set(error, ERROR_MEMORY, "out of memory for PostgreSQL's settings");
	// Ours where we are root; the folder is closed to everybody else.
	return cluster_path(path, error, "%s/%s", cluster->place.data, name)
		&& file_replace(path, buf_slice(buf), 0644, error);
}

bool cluster_configure(const Cluster *cluster, Error *error)
{
	Buf buf;
	buf_init(&buf, FILE_SIZE_MAX);
	settings_write(&buf, cluster);
	bool is_ok = file_write(cluster, "postgresql.conf", &buf, error);
	buf_reset(&buf);
	accounts_write(&buf, cluster);
	is_ok = is_ok && file_write(cluster, "pg_ident.conf", &buf, error);
	buf_reset(&buf);
	buf_append_text(&buf,
		"# Written at each start.\n"
		"local all postgres,sojourn,sojourn_reader,sojourn_writer peer map=sojourn\n");
	is_ok = is_ok && file_write(cluster, "pg_hba.conf", &buf, error);
	buf_free(&buf);
	return is_ok;
}
