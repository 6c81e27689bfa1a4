// /api/v1/annotations: what people note at a day of the time axis: GET lists them, POST adds one, DELETE forgets one.
#pragma once
#include "api/call.h"

void api_annotations_list_serve(ApiCall *call);
void api_annotations_add_serve(ApiCall *call);    // body {"date", "text"}; answers 204
void api_annotations_delete_serve(ApiCall *call); // id; answers 204, or 404 where there is none
