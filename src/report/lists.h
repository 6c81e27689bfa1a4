// Arguments and columns that several reports have in common.
#pragma once
#include "report/definition.h"

#define REPORT_ARGUMENT_LIMIT(usual)                                                                                   \
	{                                                                                                                  \
		.parameter = REPORT_LIMIT, .kind = REPORT_NUMBER, .fallback = #usual, .least = 1, .most = 10000                \
	}
// Of a list that is ranked: the place of the last row before.
#define REPORT_ARGUMENT_PLACE                                                                                          \
	{                                                                                                                  \
		.parameter = REPORT_CURSOR, .kind = REPORT_NUMBER, .fallback = "0", .least = 0, .most = 1000000000             \
	}
// Of a list of sessions, or of what happened: the last one before.
#define REPORT_ARGUMENT_AFTER                                                                                          \
	{                                                                                                                  \
		.parameter = REPORT_CURSOR, .kind = REPORT_UUID                                                                \
	}
#define REPORT_ARGUMENT_SORT(names, usual)                                                                             \
	{                                                                                                                  \
		.parameter = REPORT_SORT, .kind = REPORT_CHOICE, .choices = (names), .fallback = (usual)                       \
	}
#define REPORT_ARGUMENT_PAGE                                                                                           \
	{                                                                                                                  \
		.parameter = REPORT_PAGE, .kind = REPORT_WORDS, .most = 2048                                                   \
	}
#define REPORT_ARGUMENT_HOST                                                                                           \
	{                                                                                                                  \
		.parameter = REPORT_HOST, .kind = REPORT_WORDS, .most = 255                                                    \
	}

// In a column's meaning.
#define REPORT_CONVERSIONS "conversions: events of the category Conversion, or with an action that a saved goal names."

#define REPORT_COLUMN_BOUNCE_RATE                                                                                      \
	{                                                                                                                  \
		"bounce_rate_percent", "Bounce %", REPORT_DECIMAL, "percent",                                                  \
			"Ended sessions shorter than 30 seconds as a share of the ended sessions. Null where no session has "      \
			"ended."                                                                                                   \
	}
#define REPORT_COLUMN_CONVERSION_RATE                                                                                  \
	{                                                                                                                  \
		"conversion_rate_percent", "Conversion %", REPORT_DECIMAL, "percent",                                          \
			"Sessions with a conversion as a share of the sessions."                                                   \
	}
#define REPORT_COLUMN_STARTED_AT                                                                                       \
	{                                                                                                                  \
		"started_at", "Started", REPORT_INSTANT, NULL, "When the session began, its first hit."                        \
	}
#define REPORT_COLUMN_IS_ACTIVE                                                                                        \
	{                                                                                                                  \
		"is_active", "Active", REPORT_BOOLEAN, NULL, "Whether the session still goes on."                              \
	}
#define REPORT_COLUMN_SESSION                                                                                          \
	{                                                                                                                  \
		"session", "Session", REPORT_ID, NULL, "Id of the session, a UUIDv7."                                          \
	}
// From its duration to its browser.
#define REPORT_COLUMNS_OF_SESSION                                                                                      \
	{"duration_seconds", "Duration s", REPORT_INTEGER, "seconds", "Duration: last activity minus start."},             \
		{"views", "Views", REPORT_INTEGER, "page views", "Page views of the session."},                                \
		{"events", "Events", REPORT_INTEGER, "events", "Events of the session."},                                      \
		{"conversions", "Conversions", REPORT_INTEGER, "events", "Of these, the " REPORT_CONVERSIONS},                 \
		{"entry_page", "Entry page", REPORT_TEXT, NULL, "Its first page, the host before it where known."},            \
		{"exit_page", "Exit page", REPORT_TEXT, NULL, "Its last page so far, likewise."},                              \
		{"device_type", "Device", REPORT_TEXT, NULL, "desktop, mobile, tablet or unknown."},                           \
	{                                                                                                                  \
		"browser", "Browser", REPORT_TEXT, NULL, "Name of the browser used."                                           \
	}
