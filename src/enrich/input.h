// What a client, its headers or a log say of a hit, before anything is made of it.
#pragma once
#include "base/slice.h"
#include "enrich/trace.h"
#include "hit/client_hints.h"

#include <stdbool.h>

// Texts as they came: any bytes, any length; SLICE_NONE where not given.
typedef struct EnrichInput {
	// who
	Slice user_id;
	Slice anonymous_id;
	Slice previous_id; // of an alias
	Slice ip;
	Slice user_agent;
	ClientHints hints;
	bool is_webdriver; // the browser says that a program drives it
	bool is_team;      // the client says that it is of the team
	// A line of an access log: the browser is known by ip and user agent, not by anonymous_id; and a user agent that is given
	// and empty is a robot's (kind "no user agent"), since every browser sends one.
	bool is_log_line;
	// where
	Slice page_url;    // "https://host/path?query#fragment"
	Slice page_path;   // where given, counts before the path of page_url
	Slice page_search; // "?query"; where given, counts before the query of page_url
	Slice page_title;
	Slice page_host; // where given, counts before the host of page_url
	Slice own_host;  // referrers of this host are of the site itself, where no host of the page is known
	Slice referrer;
	// context.campaign; counts before the query's utm_ parameters
	Slice campaign_source;
	Slice campaign_medium;
	Slice campaign_name;
	Slice campaign_term;
	Slice campaign_content;
	// headers by which browsers tell that nobody looks yet
	Slice sec_purpose;
	Slice purpose;
	Slice x_purpose;
	Slice x_moz;
	Trace *trace; // NULL: nobody asks why
} EnrichInput;
