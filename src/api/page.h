// The dashboard's files, from the binary, under a content policy that lets the page talk to its own server and no other.
#pragma once
#include "http/server.h"

bool api_page_exists(Slice path);
// Where it exists.
void api_page_serve(HttpRequest *request, Slice path);
