// What a session can be told apart by, in filters and as the rows of a breakdown: a column of session_summaries, which holds
// the number of its text in dimension_values; 0, the empty text, where it has none. A page is its host, where known, and its
// path.
#pragma once
#include "base/slice.h"

// X(name, column, is_page, heading, meaning); breakdown_daily knows it by the column without its _id.
#define REPORT_DIMENSIONS(X)                                                                                           \
	X("source", "source_id", false, "Source", "The name of the write key that the hits came with.")                    \
	X("host", "entry_host_id", false, "Host", "The host of the entry page.")                                           \
	X("device_type", "device_type_id", false, "Device", "desktop, mobile, tablet or unknown.")                         \
	X("browser", "browser_id", false, "Browser", "The browser's name.")                                                \
	X("browser_version", "browser_version_id", false, "Browser version", "The browser's version.")                     \
	X("os", "os_id", false, "System", "The operating system's name.")                                                  \
	X("os_version", "os_version_id", false, "System version", "The operating system's version.")                       \
	X("screen", "screen_id", false, "Screen", "The screen's resolution, as 1920x1080.")                                \
	X("timezone", "timezone_id", false, "Time zone", "The person's IANA time zone.")                                   \
	X("locale", "locale_id", false, "Language", "The person's locale, as en-GB.")                                      \
	X("country", "country_id", false, "Country", "The country of the address, where a geo file is set.")               \
	X("region", "region_id", false, "Region", "The region of the address, where a geo file is set.")                   \
	X("channel_type", "channel_type_id", false, "Channel type",                                                        \
		"The channel in one word: organic, paid, direct, social, email, referral, …")                                  \
	X("channel", "channel_id", false, "Channel", "The full channel: Organic Search, Paid Social, …")                   \
	X("referrer_domain", "referrer_domain_id", false, "Referrer", "The domain that the person came from.")             \
	X("utm_source", "utm_source_id", false, "UTM source", "Who sent the person, as the campaign's link says.")         \
	X("utm_medium", "utm_medium_id", false, "UTM medium", "By what the person was sent, as the campaign's link says.") \
	X("utm_campaign", "utm_campaign_id", false, "Campaign", "The campaign's name, as its link says.")                  \
	X("utm_term", "utm_term_id", false, "UTM term", "The campaign's term, as its link says.")                          \
	X("utm_content", "utm_content_id", false, "UTM content", "The campaign's content, as its link says.")              \
	X("entry_page", "entry_page_id", true, "Entry page",                                                               \
		"The host, where known, and the path of the session's first page.")                                            \
	X("exit_page", "exit_page_id", true, "Exit page",                                                                  \
		"The host, where known, and the path of the session's last page so far.")                                      \
	X("entry_category", "entry_category_id", false, "Entry category", "The category of the session's first page.")

typedef struct ReportDimension {
	const char *name;
	const char *column;
	bool is_page; // its texts are pages
	const char *heading;
	const char *meaning;
} ReportDimension;

// NULL past the last.
const ReportDimension *report_dimension_at(size_t index);
const ReportDimension *report_dimension_find(Slice name); // NULL where there is none
