// An answer that goes on: its head at once, then as much as there is, until the server or the client ends it. One connection
// serves one stream and closes behind it.
#pragma once
#include "http/server.h"

// Sends the head; the request stays kept, and http_on_gone tells where the client leaves. False: the client is gone, the
// stream is to be ended.
bool http_stream_begin(HttpRequest *request, const char *content_type) MUST_USE;
// False where the client does not take all of it now: one that does not keep up is not waited for, the stream is to be ended.
bool http_stream_send(HttpRequest *request, Slice part) MUST_USE;
void http_stream_end(HttpRequest *request);
