// The dashboard's files, from the binary, under a content policy that lets the page talk to its own server and no other.
#pragma once
#include "http/server.h"

// False where there is no such file; nothing is answered then.
bool api_page_serve(HttpRequest *request, Slice path);
