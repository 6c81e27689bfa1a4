// What is kept under an id: listed as it comes from the database, forgotten by its id.
#pragma once
#include "api/call.h"

// A `work` for api_call_answer: {"rows": …} of the query in call->data, which gives one JSON array.
bool api_listed_work(ApiCall *call, PgConn *conn, Error *error);
// Answers 204, or 404 where there is none. The query's parameters are the id and the token; it touches one row where there is
// one. `what` is its name in a sentence.
void api_listed_forget(ApiCall *call, const char *sql, const char *what);
// A `then`: 204.
void api_listed_done(ApiCall *call);
