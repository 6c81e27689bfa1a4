// Which of the two forms of a report a client wants.
#pragma once
#include "base/error.h"
#include "base/slice.h"

typedef enum ApiFormat { API_FORMAT_JSON, API_FORMAT_CSV } ApiFormat;

bool api_format_parse(Slice name, ApiFormat *format) MUST_USE; // json, csv
// By an Accept header, or SLICE_NONE. JSON unless CSV is named and wanted more; a client that takes neither gets JSON, too.
ApiFormat api_format_accepted(Slice accept);
// Whether an Accept-Encoding header, or SLICE_NONE, names gzip and does not refuse it.
bool api_format_takes_gzip(Slice accept_encoding);
