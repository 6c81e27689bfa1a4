// Rules of today over rows of long ago. It can be broken off at any moment and run again: what is written stays, what is right
// already is only read.
#pragma once
#include "base/error.h"
#include "pg/conn.h"
#include "reclassify/pass.h"

// The counts are right also on failure.
bool reclassify_run(PgConn *conn, const ReclassifyPass *pass, const ReclassifyOptions *options,
	ReclassifyCounts *counts, Error *error) MUST_USE;
