// What answers look like: CORS, refusals, and the settings that Segment's browser SDK asks for.
#pragma once
#include "base/buf.h"
#include "http/server.h"
#include "intake/keys.h"
#include "intake/refusal.h"

// The headers that let a page of `origin` read the answer; nothing where the origin is not allowed.
void answer_set_cors(HttpRequest *request, Slice origin, bool is_allowed);
void answer_preflight(HttpRequest *request, bool is_allowed);
// {"integrations":…} as the SDK wants it. is_https: how the client reached us.
void answer_settings(HttpRequest *request, Slice key, bool is_https);

// The body of a 200 is built up here: empty while nothing was refused.
void answer_reject(Buf *body, size_t index, Refusal refusal, int64_t now_ms);
// Ends the body; the slice is good until the buffer changes.
Slice answer_body(Buf *body);
