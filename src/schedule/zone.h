// A time zone over some time: what is to be added to UTC for what clocks show, and since when. What PostgreSQL says of it, so
// that jobs, reports and roll-ups mean the same hours.
#pragma once
#include "base/error.h"
#include "pg/conn.h"

#define ZONE_NAME_SIZE_MAX 64
// A year and some days, with more changes than any zone ever had in that time.
#define ZONE_PARTS_MAX 32

typedef struct ZonePart {
	int64_t since_ms;
	int64_t offset_ms; // east of Greenwich is positive
} ZonePart;

// In order of time, adjoining parts differ. The first holds since ever, the last for ever.
typedef struct Zone {
	ZonePart parts[ZONE_PARTS_MAX];
	size_t count;
} Zone;

extern const Zone zone_utc;

// The zone from two days before `from_ms` to 400 days after it.
bool zone_load(PgConn *conn, const char *name, int64_t from_ms, Zone *zone, Error *error) MUST_USE;
