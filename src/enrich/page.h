// Where a hit happened and where it came from: host, path, query, campaign, referrer.
#pragma once
#include "enrich/deny.h"
#include "enrich/input.h"
#include "hit/hit.h"

bool page_enrich(const Deny *deny, const EnrichInput *raw, Arena *arena, Hit *hit, Error *error) MUST_USE;
