// Which channel a visit came by, from its referrer, its campaign and its click id: what the words of a campaign do not say is
// taken from the others. The same for a hit that comes in and for a row of long ago.
#pragma once
#include "enrich/channel_rules.h"

typedef struct AttributionInput {
	Slice utm_source;
	Slice utm_medium;
	Slice utm_campaign;
	Slice utm_term;
	Slice utm_content;
	Slice click_id_type;
	Slice referrer_host; // of another site; SLICE_NONE where there is none
	Slice referrer_path;
	bool is_internal; // the referrer is of the site itself
} AttributionInput;

typedef struct Attribution {
	Slice referrer_category; // a constant
	Channel channel;         // lives as long as the rules
} Attribution;

Attribution attribution_of(ChannelRules *rules, const AttributionInput *input);
