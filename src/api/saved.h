// /api/v1/saved: what people save under a name (report/saved.h): GET lists it, POST saves one, DELETE forgets one.
#pragma once
#include "api/call.h"

void api_saved_list_serve(ApiCall *call);   // kind: only those
void api_saved_set_serve(ApiCall *call);    // body {"kind", "name", "definition"}; answers 204
void api_saved_delete_serve(ApiCall *call); // kind and name; answers 204, or 404 where there is none
