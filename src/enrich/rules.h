// What the settings say of pages, of where visitors come from and of what may be kept, and the files that they name, made ready.
#pragma once
#include "config/settings.h"
#include "enrich/arrival.h"
#include "enrich/category.h"
#include "enrich/deny.h"
#include "enrich/exclude.h"
#include "enrich/path_policy.h"

typedef struct Rules {
	Arena arena; // of all below
	Deny deny;
	Deny keys; // of properties
	PathPolicy paths;
	Categories categories;
	Exclude exclude;
	ArrivalRules arrival;
} Rules;

// Of the settings query_*, property_deny, path_*, page_*, team_*, own_hosts and channel_rules_file count; they need not outlive the
// call. ERROR_BAD_INPUT names what is wrong in which file.
bool rules_open(const Settings *settings, Rules **rules, Error *error) MUST_USE;
void rules_close(Rules *rules); // NULL is fine
