// /api/v1/sign-in: signing in, who one is, signing out; and the cookie of it.
#pragma once
#include "api/call.h"

void api_session_begin_serve(ApiCall *call);
void api_session_show_serve(ApiCall *call);
void api_session_end_serve(ApiCall *call);

// The cookie that came with a request; SLICE_NONE where there is none.
Slice api_session_cookie(const ApiCall *call);
// Sets it on the answer; "" takes it away.
void api_session_cookie_set(ApiCall *call, const char *cookie, int64_t seconds);
// ERROR_FORBIDDEN where a request that changes something comes by a sign-in and not from our own page.
bool api_session_change_check(const ApiCall *call, Error *error) MUST_USE;
