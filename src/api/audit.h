// GET /api/v1/audit: the audit log, the newest first; limit and cursor.
#pragma once
#include "api/call.h"

void api_audit_serve(ApiCall *call);
