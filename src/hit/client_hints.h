// What a browser says of itself beside its user agent (User-Agent Client Hints), as it came: each text in the syntax of its
// header, quotes and all; SLICE_NONE where not given.
#pragma once
#include "base/slice.h"

typedef struct ClientHints {
	Slice brands;           // Sec-CH-UA: "Chromium";v="120", "Not A;Brand";v="24", "Google Chrome";v="120"
	Slice full_versions;    // Sec-CH-UA-Full-Version-List: the same with whole versions
	Slice mobile;           // Sec-CH-UA-Mobile: ?0 or ?1
	Slice platform;         // Sec-CH-UA-Platform: "Windows"
	Slice platform_version; // Sec-CH-UA-Platform-Version: "15.0.0"
	Slice model;            // Sec-CH-UA-Model: "Pixel 8"
} ClientHints;

// X(name, header in lower case)
#define CLIENT_HINTS(X)                                                                                                \
	X(brands, "sec-ch-ua")                                                                                             \
	X(full_versions, "sec-ch-ua-full-version-list")                                                                    \
	X(mobile, "sec-ch-ua-mobile")                                                                                      \
	X(platform, "sec-ch-ua-platform")                                                                                  \
	X(platform_version, "sec-ch-ua-platform-version")                                                                  \
	X(model, "sec-ch-ua-model")
