// What a line of an access log counts as. Every line ends in exactly one class, the first of these that fits:
//
//   malformed      no line of the log's format, or a request that is none
//   other method   HEAD, POST, OPTIONS …: all but GET
//   redirect       301, 302, 303, 307, 308: the page is counted where it is found
//   error          4xx and 5xx
//   no content     any other status than 200, 203, 206 and 304: nothing that could be looked at
//   asset          a rule of data/asset_rules.txt: images, styles, scripts, fonts, feeds, downloads …
//   robot          by its user agent (which whoever takes the line finds out); stored apart
//   page view      what is left; 304 is a view of a page the browser had already
#pragma once
#include "import/access_line.h"

// X(class, name in JSON, name in words), in the order they are printed
#define ACCESS_CLASSES(X)                                                                                              \
	X(ACCESS_PAGE_VIEW, "page_views", "page views")                                                                    \
	X(ACCESS_ROBOT, "robots", "robots")                                                                                \
	X(ACCESS_KEPT_OUT, "kept_out", "kept out")                                                                         \
	X(ACCESS_ASSET, "assets", "assets")                                                                                \
	X(ACCESS_REDIRECT, "redirects", "redirects")                                                                       \
	X(ACCESS_ERROR, "errors", "errors")                                                                                \
	X(ACCESS_NO_CONTENT, "no_content", "no content")                                                                   \
	X(ACCESS_OTHER_METHOD, "other_methods", "other methods")                                                           \
	X(ACCESS_MALFORMED, "malformed", "malformed")

typedef enum AccessClass {
#define X(class, json_name, name) class,
	ACCESS_CLASSES(X)
#undef X
		ACCESS_CLASS_COUNT
} AccessClass;

const char *access_class_name(AccessClass class);
const char *access_class_json_name(AccessClass class);

// The class of a line that is well formed, as far as the line itself tells: never ACCESS_ROBOT, ACCESS_KEPT_OUT nor ACCESS_MALFORMED. Of an
// asset *asset_kind is its rule's, a constant ("image").
AccessClass access_class_of(const AccessLine *line, const char **asset_kind);
// The kind of asset a path and its query name; NULL where they are of a page.
const char *access_asset_kind(Slice path, Slice query);
