// The time zones the database knows. PostgreSQL takes much more as a time zone than names ("foo5", "-3", "EST" without
// its summer time), so a name is looked up here first; read once a connection, since the server reads a thousand files for
// the list.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "pg/conn.h"

typedef struct ReportZones {
	Arena arena;
	Slice *names; // NUL-terminated
	size_t count;
} ReportZones;

void report_zones_init(ReportZones *zones);
void report_zones_free(ReportZones *zones);
bool report_zones_load(ReportZones *zones, PgConn *conn, Error *error) MUST_USE;
// The zone's name as the database writes it, whatever the case; NULL where it knows none of that name.
const char *report_zones_find(const ReportZones *zones, Slice name);
