// Sites, apps and names of sources as data/referrers.txt knows them. The table lies in the program with its index: nothing is
// opened, nothing allocated, and a look-up takes a hash of each part of the host.
#pragma once
#include "base/arena.h"
#include "base/slice.h"
#include "data/sources.h"
#include "enrich/deny.h"
#include "enrich/url.h"

// The row of the longest address that the host, or one above it, and the path match; NULL where there is none. By whole
// labels: x.com is no part of netflix.com. In any case of letters, with "www." or without.
const DataReferrer *referrer_find(Slice host, Slice path);
// What channels take a source for, a name (facebook) or a host (m.facebook.com): search, social …; SLICE_NONE where it is
// not known.
Slice referrer_source_category(Slice source);

// The words somebody searched for, where the engine's address still tells them. SLICE_NONE where not, where they are no
// UTF-8, where they are what no value may be (deny_value), or when the arena is full.
Slice referrer_search_term(const DataReferrer *engine, const Url *url, const Deny *deny, Arena *arena);
// Without "www.".
Slice referrer_host_bare(Slice host);
// Whether the host is one of the list, or below one: app.example.com of example.com.
bool referrer_is_own(Slice host, const Slice *own, size_t count);
