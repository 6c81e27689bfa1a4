// Who asks: the bearer token of a request.
#pragma once
#include "api/database.h"
#include "api/tokens.h"
#include "http/server.h"

// ERROR_UNAUTHORIZED where there is no token or none that is good.
bool api_access_check(ApiDatabase *reader, const HttpRequest *request, ApiTokenUse *use, Error *error) MUST_USE;
// After the answer: notes when the token was used, at most once a minute. Whether that works is no matter of the request's,
// so a failure is logged and no more, and the next try waits.
void api_access_note(ApiDatabase *writer, const ApiTokenUse *use);
