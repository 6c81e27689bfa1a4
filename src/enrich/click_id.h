// The ids that advertising systems add to an address when somebody clicks, as data/click_ids.txt knows them.
#pragma once
#include "data/sources.h"
#include "enrich/query.h"

// By its parameter, in any case; NULL where it is none.
const DataClickId *click_id_find(Slice parameter);
// The first of the table that the query carries; false where there is none.
bool click_id_of(const Query *query, Slice *type, Slice *id);
