// Browsers and who signed in on them. An anonymous hit belongs to the last person who signed in on its browser before it,
// one before the first sign-in to the first. When a batch brings a sign-in that changes this for rows already stored, the
// rows move, in the same transaction.
#pragma once
#include "loader/load.h"

// Records the batch's sign-ins, gives each hit its person_id and is_by_alias, moves stored rows that now belong to another.
bool aliases_store(Load *load, Error *error) MUST_USE;
