// The audit log: who did what, when, and whether it was allowed. Rows are only ever added.
#pragma once
#include "pg/conn.h"

// action: sign_in, sign_out, person.erase … outcome: done, refused. token_id 0: nobody known. subject, to what it was done, may
// be NULL.
bool api_audit_add(PgConn *conn, const char *action, const char *outcome, int64_t token_id, const char *subject,
	Error *error) MUST_USE;
