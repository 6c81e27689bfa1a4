// What a session can be told apart by, in filters and as the rows of a breakdown: a column of session_summaries, which holds
// the number of its text in dimension_values; 0, the empty text, where it has none. A page is its host, where known, and its
// path.
#pragma once
#include "base/slice.h"

// X(name, column, is_page); breakdown_daily knows it by the column without its _id.
#define REPORT_DIMENSIONS(X)                                                                                           \
	X("source", "source_id", false)                                                                                    \
	X("host", "entry_host_id", false)                                                                                  \
	X("device_type", "device_type_id", false)                                                                          \
	X("browser", "browser_id", false)                                                                                  \
	X("browser_version", "browser_version_id", false)                                                                  \
	X("os", "os_id", false)                                                                                            \
	X("os_version", "os_version_id", false)                                                                            \
	X("screen", "screen_id", false)                                                                                    \
	X("timezone", "timezone_id", false)                                                                                \
	X("locale", "locale_id", false)                                                                                    \
	X("country", "country_id", false)                                                                                  \
	X("region", "region_id", false)                                                                                    \
	X("channel_type", "channel_type_id", false)                                                                        \
	X("channel", "channel_id", false)                                                                                  \
	X("referrer_domain", "referrer_domain_id", false)                                                                  \
	X("utm_source", "utm_source_id", false)                                                                            \
	X("utm_medium", "utm_medium_id", false)                                                                            \
	X("utm_campaign", "utm_campaign_id", false)                                                                        \
	X("utm_term", "utm_term_id", false)                                                                                \
	X("utm_content", "utm_content_id", false)                                                                          \
	X("entry_page", "entry_page_id", true)                                                                             \
	X("exit_page", "exit_page_id", true)                                                                               \
	X("entry_category", "entry_category_id", false)

// All names, for the choices of an argument; NULL behind the last.
extern const char *const report_dimension_names[];

typedef struct ReportDimension {
	const char *name;
	const char *column;
	bool is_page; // its texts are pages
} ReportDimension;

const ReportDimension *report_dimension_find(Slice name); // NULL where there is none
