// Whose hits are kept out of every figure because a setting says so: the team's own, and pages on hosts that are not the site's.
// They stand with the robots, each under the kind that this gives, so that they can be counted and looked at.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings.h"
#include "base/address.h"
#include "enrich/input.h"

#define EXCLUDE_NETWORK "team network"
#define EXCLUDE_BROWSER "team browser"
#define EXCLUDE_PERSON "team person"
#define EXCLUDE_HOST "unknown host"

typedef struct ExcludeNetwork {
	Address address;
	unsigned bits; // of it that count
} ExcludeNetwork;

typedef struct Exclude {
	ExcludeNetwork *networks;
	size_t network_count;
	SettingList persons;
	SettingList hosts; // globs; empty: all are the site's
} Exclude;

// Of the settings team_networks, team_persons and page_hosts count. All lives in the arena. ERROR_BAD_INPUT names a network that is
// none.
bool exclude_open(const Settings *settings, Arena *arena, Exclude *exclude, Error *error) MUST_USE;
// A constant of those above; NULL: the hit counts. `page_host` in lower case; a page without any is the site's.
const char *exclude_kind(const Exclude *exclude, const EnrichInput *raw, Slice page_host);
// Whether that is what it says, and not a robot's name.
bool exclude_is_kind(Slice kind);
