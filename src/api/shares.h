// /api/v1/shares: links that show figures to whoever has them, until they expire or are withdrawn. A share is a token of the
// role `share`: it reads reports about many (Report.is_shared), each with the filter that the share is bound to or a narrower
// one, and changes nothing.
#pragma once
#include "api/call.h"
#include "report/request.h"

void api_shares_list_serve(ApiCall *call);
void api_shares_make_serve(ApiCall *call);     // body {"name", "url", "filter", "days"}; answers {"id", "token"}
void api_shares_withdraw_serve(ApiCall *call); // id; answers 204, or 404 where none of it is in force

// Whether one who asks may have this: everybody but who has a share that is bound to something else. ERROR_FORBIDDEN,
// and the filter is to blame.
bool api_share_check(const ApiTokenUse *use, ReportRequest *asked, Arena *arena, Error *error) MUST_USE;
