// The table of route.h, apart from what only reads it.
#include "api/annotations.h"
#include "api/audit.h"
#include "api/openapi.h"
#include "api/persons.h"
#include "api/reports.h"
#include "api/route.h"
#include "api/saved.h"
#include "api/session.h"
#include "api/shares.h"
#include "api/status.h"
#include "api/stream.h"

const ApiRoute api_routes[] = {
	{"/healthz", HTTP_GET, API_NEEDS_NOTHING, api_live_serve, "Whether this process runs."},
	{"/readyz", HTTP_GET, API_NEEDS_NOTHING, api_ready_serve, "Whether it reaches the database."},
	{"/metrics", HTTP_GET, API_NEEDS_VIEWER, api_metrics_serve, "Counters of this process, as Prometheus reads them."},
	{"/api/v1/sign-in", HTTP_POST, API_NEEDS_NOTHING, api_session_begin_serve,
		"Signs in, with a token, a link's token, or name and password: gives a cookie."},
	{"/api/v1/sign-in", HTTP_GET, API_NEEDS_SHARE, api_session_show_serve,
		"Who asks, and what protects their changes."},
	{"/api/v1/sign-in", HTTP_DELETE, API_NEEDS_SHARE, api_session_end_serve, "Signs out."},
	{"/api/v1/audit", HTTP_GET, API_NEEDS_ADMIN, api_audit_serve, "Sign-ins and what was done, the newest first."},
	{"/api/v1/openapi.json", HTTP_GET, API_NEEDS_VIEWER, api_openapi_serve, "This description."},
	{"/api/v1/live/stream", HTTP_GET, API_NEEDS_VIEWER, api_stream_serve,
		"Page views and events as they are stored, as Server-Sent Events; Last-Event-ID goes on from there."},
	{"/api/v1/saved", HTTP_GET, API_NEEDS_VIEWER, api_saved_list_serve,
		"Segments, goals, funnels and views that are saved."},
	{"/api/v1/saved", HTTP_POST, API_NEEDS_VIEWER, api_saved_set_serve, "Saves one under its kind and name."},
	{"/api/v1/saved", HTTP_DELETE, API_NEEDS_VIEWER, api_saved_delete_serve, "Forgets one."},
	{"/api/v1/annotations", HTTP_GET, API_NEEDS_SHARE, api_annotations_list_serve,
		"What is noted at days, the latest first."},
	{"/api/v1/annotations", HTTP_POST, API_NEEDS_VIEWER, api_annotations_add_serve, "Notes something at a day."},
	{"/api/v1/annotations", HTTP_DELETE, API_NEEDS_VIEWER, api_annotations_delete_serve, "Forgets one."},
	{"/api/v1/shares", HTTP_GET, API_NEEDS_VIEWER, api_shares_list_serve,
		"Share links in force, and those that ended within 90 days."},
	{"/api/v1/shares", HTTP_POST, API_NEEDS_VIEWER, api_shares_make_serve,
		"Makes a link that shows figures to whoever has it, until it expires; its token is told this once."},
	{"/api/v1/shares", HTTP_DELETE, API_NEEDS_VIEWER, api_shares_withdraw_serve, "Withdraws one, at once."},
	{"/api/v1/persons/{person}/export", HTTP_GET, API_NEEDS_PRIVACY, api_person_export_serve,
		"All that is held about a person, as JSON Lines."},
	{"/api/v1/persons/{person}/erase", HTTP_GET, API_NEEDS_PRIVACY, api_person_erase_state_serve,
		"Where erasing a person stands."},
	{"/api/v1/persons/{person}/erase", HTTP_POST, API_NEEDS_PRIVACY, api_person_erase_serve,
		"Asks for a person to be erased, in every store; the worker begins within a second or two."},
	{"/api/v1/persons/{person}/anonymize", HTTP_GET, API_NEEDS_PRIVACY, api_person_anonymize_state_serve,
		"Where making a person nobody stands."},
	{"/api/v1/persons/{person}/anonymize", HTTP_POST, API_NEEDS_PRIVACY, api_person_anonymize_serve,
		"Asks for a person's rows to be made nobody's: they count, and lead to nobody."},
	{"/api/v1/persons/{person}/consent", HTTP_GET, API_NEEDS_PRIVACY, api_person_consent_serve,
		"What a person said yes and no to."},
	{"/api/v1/persons/{person}/consent", HTTP_POST, API_NEEDS_PRIVACY, api_person_consent_set_serve,
		"Sets a word of theirs, from now on."},
	{"/api/v1/system", HTTP_GET, API_NEEDS_SHARE, api_system_serve,
		"Version, time zone, where hits go and with which key."},
	{NULL, HTTP_GET, API_NEEDS_NOTHING, NULL, NULL},
};

const ApiRoute api_report_route = {NULL, HTTP_GET, API_NEEDS_VIEWER, api_report_serve, NULL};
const ApiRoute api_report_posted_route = {NULL, HTTP_POST, API_NEEDS_VIEWER, api_report_serve, NULL};
const ApiRoute api_report_shared_route = {NULL, HTTP_GET, API_NEEDS_SHARE, api_report_serve, NULL};
const ApiRoute api_report_shared_posted_route = {NULL, HTTP_POST, API_NEEDS_SHARE, api_report_serve, NULL};
