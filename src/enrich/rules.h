// What the settings say of pages, of where visitors come from and of what may be kept, and the files that they name, made ready.
#pragma once
#include "config/settings.h"
#include "enrich/arrival.h"
#include "enrich/category.h"
#include "enrich/deny.h"

typedef struct Rules {
	Arena arena; // of all below
	Deny deny;
	Deny keys; // of properties
	Categories categories;
	ArrivalRules arrival;
} Rules;

// Of the settings query_deny, query_allow, property_deny, page_category_file, own_hosts and channel_rules_file count; they need
// not outlive the call. ERROR_BAD_INPUT names what is wrong in which file.
bool rules_open(const Settings *settings, Rules **rules, Error *error) MUST_USE;
void rules_close(Rules *rules); // NULL is fine
