// Hits that the database is asked about by whom they name: persons, browsers, and their own ids, for statements with these three
// parameters that give places from 1.
#pragma once
#include "loader/load.h"

typedef struct Asked {
	Slice *users;
	Slice *browsers;
	Uuid *ids;
	size_t *hits; // of the batch
	size_t count;
} Asked;

typedef bool (*AskedWhether)(const Load *load, const BatchHit *hit);

// It names a person or a browser, and is to be stored.
bool asked_is_of_somebody(const BatchHit *hit);
// A yes to analytics.
bool asked_is_yes(const Load *load, const BatchHit *hit);
bool asked_collect(Load *load, AskedWhether is_meant, Asked *asked, Error *error) MUST_USE;
// *result may be NULL: only what the statement does is wanted. Nothing is asked about no hits; then it is NULL behind it, too.
bool asked_query(Load *load, const Asked *asked, const char *sql, PgResult **result, Error *error) MUST_USE;
// The hit of a row of the result.
BatchHit *asked_hit(const Load *load, const Asked *asked, const PgResult *result, int row);
