// The private PostgreSQL of a state directory, for those who configure no database of their own.
//
//   <state_dir>/postgres/           or a link to /var/lib/sojourn/postgres-XXXXXX, see below
//     lock          held by the supervisor
//     data/         the cluster; postgresql.conf and who may connect are written at each start
//     local.conf    settings of the user's own, if there is one: they win
//     socket/       or a link to a shorter path, see below
//     postgres.log  and postgres.log.1: bounded
//
// It listens on its Unix socket only; peer authentication lets in the account that runs it and the account that runs us,
// as the roles sojourn (owns the database sojourn), sojourn_reader (may only read), sojourn_writer (keeps
// sign-ins) and postgres.
//
// PostgreSQL refuses to run as root: where we are root, it runs as the owner of its data, which is at first the configured
// account, else postgres, else nobody. Where that account may not enter the state directory (under /root, say), its folder
// is made in /var/lib/sojourn. A socket's path has room for 107 bytes: where it would be longer, or hold what a connection
// string cannot, the socket lies in /run or /tmp, in a folder only its owner may enter.
//
// The server is a child of the process that starts it, and is shut down by the kernel's signal if that dies. What an earlier
// server left behind is ended before a new one starts.
#pragma once
#include "base/error.h"
#include "base/process.h"
#include "pg/conn.h"

#include <sys/types.h>

#define CLUSTER_PATH_SIZE 1024
#define CLUSTER_DSN_SIZE (CLUSTER_PATH_SIZE + 128)
#define CLUSTER_ROLE "sojourn"
#define CLUSTER_ROLE_READER "sojourn_reader"
#define CLUSTER_ROLE_WRITER "sojourn_writer"

typedef struct ClusterOptions {
	const char *state_dir; // exists
	const char *programs;  // folder of PostgreSQL's programs; "": the newest installed
	const char *user;      // account to run as where we are root; "": see above
} ClusterOptions;

typedef struct ClusterPlace {
	char folder[CLUSTER_PATH_SIZE]; // resolved: no links in it
	char data[CLUSTER_PATH_SIZE];
	char socket[CLUSTER_PATH_SIZE]; // resolved
	char log[CLUSTER_PATH_SIZE];
} ClusterPlace;

typedef struct Cluster {
	ClusterPlace place;
	ProcessUser user;
	char programs[CLUSTER_PATH_SIZE];
	pid_t pid; // 0: not running
	int lock_fd;
	int log_fd;
} Cluster;

// ── For the process that owns it ──
// Takes the lock (ERROR_BUSY), ends what was left behind, makes the cluster at the first time, writes its settings.
bool cluster_open(const ClusterOptions *options, Cluster *cluster, Error *error) MUST_USE;
// Starts the server; it may not be ready for long.
bool cluster_spawn(Cluster *cluster, Error *error) MUST_USE;
// Waits until it answers and makes roles and database at the first time. ERROR_BUSY when stop_fd becomes readable;
// anything else says why the server ended.
bool cluster_wait_ready(Cluster *cluster, int stop_fd, Error *error) MUST_USE;
// Sends a signal to what still runs of a server that died, and tells whether there was anything.
bool cluster_end_orphans(const Cluster *cluster);
// Keeps the log within its bound; call now and then.
void cluster_tick(Cluster *cluster);
// Gives back the lock; the server must have ended.
void cluster_close(Cluster *cluster);

// ── For everybody ──
// ERROR_NOT_FOUND where the state directory has no cluster.
bool cluster_locate(const char *state_dir, ClusterPlace *place, Error *error) MUST_USE;
void cluster_dsn(const ClusterPlace *place, const char *role, const char *database, char dsn[CLUSTER_DSN_SIZE]);
