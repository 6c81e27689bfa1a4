// GET /api/v1/openapi.json: the API, described from the tables it answers by (OpenAPI 3.1).
#pragma once
#include "api/call.h"

void api_openapi_serve(ApiCall *call);
