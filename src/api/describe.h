// The parts of the API's description that come from the table of paths and from the reports' definitions.
#pragma once
#include "base/buf.h"

// "paths": every path with its methods, roles, parameters and answers.
void api_describe_paths(Buf *buf);
// Schemas of the reports' rows, each with its comma before it.
void api_describe_rows(Buf *buf);
