// Who asks: the bearer token of a request.
#pragma once
#include "api/call.h"

// Looks up who asks, notes at most once a minute that the token was used, and goes on with call->then; answers 401 where
// there is no token or none that is good.
void api_access_check(ApiCall *call, ApiPool *pool, void (*then)(ApiCall *call));
