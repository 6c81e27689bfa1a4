// A line of an access log in the common or the combined format of Apache and nginx:
//
//   192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?b=c HTTP/1.1" 200 2326 "https://example.com/" "Mozilla/5.0 …"
//   address ident user [time with its offset] "request" status bytes              "referrer"             "user agent"
//
// Quoted fields end at a quote without a backslash before it; \" \\ \n \t and \xHH stand for what they stand for. What is
// behind the last field is let be. "-" is a field that is not given.
#pragma once
#include "base/arena.h"
#include "base/slice.h"

typedef enum AccessFormat {
	ACCESS_FORMAT_UNKNOWN, // the first good line tells
	ACCESS_FORMAT_COMBINED,
	ACCESS_FORMAT_COMMON
} AccessFormat;

typedef struct AccessLine {
	Slice address;
	Slice user;      // SLICE_NONE where not given, as below
	int64_t time_ms; // to the second
	Slice method;
	Slice host; // where the request names one: "GET http://host/path HTTP/1.1"
	Slice path; // begins with '/'; "*" in OPTIONS *
	Slice query;
	int status;
	bool has_agent; // the two fields of the combined format are there
	Slice referrer;
	Slice user_agent; // given and empty where the log says "-"
} AccessLine;

// False for what is no such line: also for a request that is none, as scanners and broken clients send ("-", "\x16\x03\x01").
// Slices point into `text` or the arena.
bool access_line_parse(Slice text, AccessFormat format, Arena *arena, AccessLine *line) MUST_USE;
