// What the files of the cluster share.
#pragma once
#include "cluster/cluster.h"

// place.c: the folders, made where they are missing.
bool cluster_place_make(const ClusterOptions *options, Cluster *cluster, Error *error) MUST_USE;
bool cluster_path(char path[CLUSTER_PATH_SIZE], Error *error, const char *format, ...) MUST_USE
	__attribute__((format(printf, 3, 4)));

// create.c: initdb, then roles and database.
bool cluster_create(const Cluster *cluster, Error *error) MUST_USE;
bool cluster_setup(PgConn *conn, const ClusterPlace *place, Error *error) MUST_USE;

// tune.c: postgresql.conf, pg_hba.conf, pg_ident.conf.
bool cluster_configure(const Cluster *cluster, Error *error) MUST_USE;

// orphans.c: cluster_end_orphans until there are none; then what the last server wrote of itself goes too.
bool cluster_orphans_wait(const Cluster *cluster, Error *error) MUST_USE;
