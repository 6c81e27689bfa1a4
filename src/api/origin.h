// Whether a browser sends a request for a page of ours or of somebody else's.
#pragma once
#include "base/error.h"
#include "http/server.h"

// ERROR_FORBIDDEN where the headers Sec-Fetch-Site or Origin say that another site made the browser send it. public_url: where
// browsers find us; "": where Host says. What is no browser says neither.
bool api_origin_check(const HttpRequest *request, const char *public_url, Error *error) MUST_USE;
bool api_origin_is_secure(const char *public_url); // https
