// Whom an id means. A person is asked for by the product's own user id, a number or a text, or by the id in our tables: that of a
// browser nobody has signed in on, and of an anonymised person, is negative.
#pragma once
#include "pg/conn.h"

// ERROR_NOT_FOUND where nothing is known under a text. A number need not be known.
bool privacy_person_find(PgConn *conn, const char *text, int64_t *person, Error *error) MUST_USE;
