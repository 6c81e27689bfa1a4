// Carries out what was asked for about persons, with what the rooms around it do for that.
#pragma once
#include "config/settings.h"
#include "pg/conn.h"

// As privacy_work, on the owner's connection.
bool service_person_work(const Settings *settings, PgConn *conn, int64_t patience_ms, bool *is_elsewhere, Error *error)
	MUST_USE;
