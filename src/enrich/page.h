// Where a hit happened: host, path, query, title.
#pragma once
#include "enrich/deny.h"
#include "enrich/input.h"
#include "enrich/path_policy.h"
#include "enrich/query.h"
#include "hit/hit.h"

// *query is that of the page, for what else it tells.
bool page_enrich(const Deny *deny, const PathPolicy *paths, const EnrichInput *raw, Arena *arena, Hit *hit,
	Query *query, Error *error) MUST_USE;
