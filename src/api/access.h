// Who asks: the bearer token of a request, or the cookie of a sign-in.
#pragma once
#include "api/call.h"

// Looks up who asks, notes at most once a minute that their token was used, and goes on with call->then, on the loop; answers
// 401 where there is neither a token nor a sign-in, or none that is good, and 403 where a change comes from another site.
void api_access_check(ApiCall *call, ApiPool *pool, void (*then)(ApiCall *call));
