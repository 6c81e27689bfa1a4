// Carries out what was asked for about persons, with what the rooms around it do for that.
#pragma once
#include "config/settings.h"
#include "pg/conn.h"

// As privacy_work, on the owner's connection.
bool service_person_work(const Settings *settings, PgConn *conn, int64_t patience_ms, bool *is_elsewhere, Error *error)
	MUST_USE;

// What requests want of this machine's buffer: whether they do, and the process that does it (its log and connection are its own).
bool service_person_scrub_is_due(const Settings *settings, PgConn *conn, bool *is_due, Error *error) MUST_USE;
bool service_person_scrub(const Settings *settings, Error *error) MUST_USE;
