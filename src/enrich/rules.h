// What the settings say of pages and of what may be kept, and the files that they name, made ready.
#pragma once
#include "config/settings.h"
#include "enrich/category.h"
#include "enrich/deny.h"

typedef struct Rules {
	Arena arena; // of all below
	Deny deny;
	Deny keys; // of properties
	Categories categories;
} Rules;

// Of the settings query_deny, query_allow, property_deny and page_category_file count; they need not outlive the call.
// ERROR_BAD_INPUT names what is wrong in which file.
bool rules_open(const Settings *settings, Rules *rules, Error *error) MUST_USE;
void rules_close(Rules *rules); // all zero is fine
