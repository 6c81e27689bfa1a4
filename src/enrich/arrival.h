// How a visitor came to the page of a hit: referrer, searched words, campaign, click id, channel.
#pragma once
#include "enrich/channel_rules.h"
#include "enrich/deny.h"
#include "enrich/input.h"
#include "enrich/path_policy.h"
#include "enrich/query.h"
#include "hit/hit.h"

typedef struct ArrivalRules {
	const Deny *deny;
	const PathPolicy *paths;
	const Slice *own_hosts; // lower case; each with all below it
	size_t own_host_count;
	ChannelRules *channels;
} ArrivalRules;

// Referrer, searched words, campaign and click id. `query` is that of the page.
bool arrival_enrich(const ArrivalRules *rules, const EnrichInput *raw, const Query *query, Arena *arena, Hit *hit,
	Error *error) MUST_USE;
// The referrer's category and the channel, from what the hit's other fields say, within their limits: so that a row of long
// ago comes out as a hit of today.
void arrival_classify(const ArrivalRules *rules, Trace *trace, Hit *hit);
// The same of a hit whose fields are those that a session keeps: the referrer's query is gone, so searched words stay where
// they are known and the referrer is still a search engine's.
void arrival_classify_again(const ArrivalRules *rules, Arena *arena, Hit *hit);
