// /api/v1/persons/ID/…: what a person has rights to, for the role privacy; each use stands in the audit log. ID is the product's user
// id or the id in our tables.
#pragma once
#include "api/call.h"

void api_person_export_serve(ApiCall *call);      // JSON Lines: docs/reference/person-export.md
void api_person_erase_serve(ApiCall *call);       // asks for it; answers 202 with where that stands
void api_person_erase_state_serve(ApiCall *call); // where it stands
void api_person_anonymize_serve(ApiCall *call);   // body {"mode"} or none; as erase
void api_person_anonymize_state_serve(ApiCall *call);
void api_person_consent_serve(ApiCall *call); // what they said last
void api_person_consent_set_serve(
	ApiCall *call); // body {"analytics", "marketing"}, or one of them; answers what stands then
