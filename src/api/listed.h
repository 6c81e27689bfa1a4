// What people keep: listed as it comes from the database, changed by statements that say by whom, forgotten by its id.
#pragma once
#include "api/call.h"

// Answers {"rows": …} with the JSON array that the query gives.
void api_listed_serve(ApiCall *call, const char *sql);
// Runs a statement whose last parameter is the token that asks; params has a free place for it behind the other `count`. *is_changed:
// whether it touched, or gave, one row.
bool api_listed_change(ApiCall *call, PgConn *conn, const char *sql, PgParam *params, int count, bool *is_changed,
	Error *error) MUST_USE;
// Answers 204, or 404 where there is none. The query's parameters are the id and the token; it touches one row where there is
// one. `what` is its name in a sentence.
void api_listed_forget(ApiCall *call, const char *sql, const char *what);
// A `then`: 204.
void api_listed_done(ApiCall *call);
