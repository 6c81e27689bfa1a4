// How this process is: health, readiness, metrics, and what the dashboard has to know of the installation.
#pragma once
#include "api/call.h"

void api_live_serve(ApiCall *call);
void api_ready_serve(ApiCall *call);
void api_metrics_serve(ApiCall *call);
void api_system_serve(ApiCall *call);
