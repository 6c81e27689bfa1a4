#include "service/explain.h"

#include "base/clock.h"
#include "base/memory.h"
#include "service/identify_secret.h"
#include "service/keys_copy.h"
#include "service/message_enrich.h"

#include <inttypes.h>

#define ARENA_SIZE_MAX ((size_t) 16 * 1024 * 1024)

struct Explain {
	const ExplainSender *given;
	Arena settled; // what lasts as long as this
	Arena arena;   // of one message
	Buf json;      // likewise
	Buf encoded;
	KeysCopy keys;
	Enricher *enricher;
	WriteKey key;
	IntakeRules rules;
	IntakeSender sender;
	ExplainRow rows[EXPLAIN_ROWS_MAX];
	size_t row_count;
};

bool explain_open(const Settings *settings, const ExplainSender *sender, Explain **explain, Error *error)
{
	Explain *opened = memory_allocate_zeroed(1, sizeof *opened);
	Slice secret;
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory to explain hits");
	arena_init(&opened->settled, ARENA_SIZE_MAX);
	arena_init(&opened->arena, ARENA_SIZE_MAX);
	buf_init(&opened->json, (size_t) settings->hit_bytes_max * 6 + 64);
	buf_init(&opened->encoded, HIT_ENCODED_SIZE_MAX);
	if (!identify_secret_read(settings, &opened->settled, &secret, error)
		|| !keys_copy_open(settings->state_dir, &opened->keys, error)
		|| !enricher_open(settings, opened->keys.folder, &opened->enricher, error))
	{
		explain_close(opened);
		return false;
	}
	opened->key = (WriteKey){.name = sender->source, .kind = sender->kind};
	opened->rules = message_rules(settings, secret);
	opened->sender =
		sender_make(settings, &opened->key, sender->headers, sender->header_count, sender->ip, sender->now_ms);
	*explain = opened;
	return true;
}

void explain_close(Explain *explain)
{
	if (explain == NULL)
		return;
	enricher_close(explain->enricher);
	keys_copy_close(&explain->keys);
	buf_free(&explain->json);
	buf_free(&explain->encoded);
	arena_free(&explain->arena);
	arena_free(&explain->settled);
	memory_free(explain);
}

// ── Rows ──

static void row_add(Explain *explain, const char *step, const char *field, Slice before, Slice after, Slice reason)
{
	bool is_given = before.size > 0 || after.size > 0 || reason.size > 0;
	if (is_given && explain->row_count < EXPLAIN_ROWS_MAX)
		explain->rows[explain->row_count++] = (ExplainRow){step, slice_from(field), before, after, reason};
}

static Slice number_text(Explain *explain, int64_t number)
{
	return number == HIT_NONE ? SLICE_NONE : arena_format(&explain->arena, "%" PRId64, number);
}

static Slice uuid_text(Explain *explain, Uuid uuid)
{
	char text[UUID_TEXT_SIZE];
	uuid_format(uuid, text);
	return uuid_is_nil(uuid) ? SLICE_NONE : arena_copy(&explain->arena, slice_from(text));
}

static void time_rows(Explain *explain, const JsonValue *value, const Hit *hit)
{
	char text[CLOCK_ISO8601_SIZE];
	Slice timestamp = json_scalar(json_get(value, "timestamp"));
	Slice why = SLICE_NONE;
	if (hit->is_time_arrival == 1)
		why = SLICE_LITERAL("the hit brings no time: that of its arrival");
	else if (timestamp.data == NULL)
		why = SLICE_LITERAL("from its id");
	clock_format_iso8601(hit_time_ms(hit), text);
	row_add(explain, "time", "event time", timestamp, arena_copy(&explain->arena, slice_from(text)), why);
	row_add(explain, "time", "id", json_scalar(json_get(value, "messageId")), uuid_text(explain, hit->id), SLICE_NONE);
	row_add(explain, "time", "session_id", SLICE_NONE, uuid_text(explain, hit->session_id), SLICE_NONE);
	row_add(explain, "time", "page_view_id", SLICE_NONE, uuid_text(explain, hit->page_view_id), SLICE_NONE);
	row_add(explain, "time", "sequence", SLICE_NONE, number_text(explain, hit->sequence), SLICE_NONE);
}

static void who_rows(Explain *explain, const IntakeMessage *before, const Hit *hit)
{
	Slice why = hit->external_id.size > 0 ? SLICE_LITERAL("a hash; the id itself is kept beside it") : SLICE_NONE;
	row_add(explain, "who", "user_id", before->user_id, number_text(explain, hit->user_id), why);
	row_add(explain, "who", "anonymous_id", before->anonymous_id, number_text(explain, hit->anonymous_id),
		before->anonymous_id.size > 0 ? SLICE_LITERAL("a hash") : SLICE_NONE);
	row_add(explain, "who", "previous_id", before->previous_id, number_text(explain, hit->previous_id), SLICE_NONE);
}

static void notes_rows(Explain *explain, const Trace *trace, const char *step)
{
	for (const TraceNote *note = trace->first; note != NULL; note = note->next)
		if (slice_equal_text(slice_from(note->step), step) && explain->row_count < EXPLAIN_ROWS_MAX)
			explain->rows[explain->row_count++] =
				(ExplainRow){step, note->subject, note->before, note->after, note->reason};
}

static Slice note_of(const Trace *trace, const char *step)
{
	for (const TraceNote *note = trace->first; note != NULL; note = note->next)
		if (slice_equal_text(slice_from(note->step), step))
			return note->reason;
	return SLICE_NONE;
}

static void page_rows(Explain *explain, const IntakeMessage *before, const Trace *trace, const Hit *hit)
{
	row_add(explain, "page", "page_host", before->page_url, hit->page_host, SLICE_NONE);
	row_add(explain, "page", "page_url", before->page_path.size > 0 ? before->page_path : before->page_url,
		hit->page_url, SLICE_NONE);
	row_add(explain, "page", "page_title", before->page_title, hit->page_title, SLICE_NONE);
	notes_rows(explain, trace, "query");
	row_add(explain, "query", "query_params", before->page_search, hit->query_params, SLICE_NONE);
	row_add(explain, "category", "page_category", before->hit.page_category, hit->page_category,
		note_of(trace, "category"));
}

static void arrival_rows(Explain *explain, const IntakeMessage *before, const Trace *trace, const Hit *hit)
{
	row_add(explain, "referrer", "referrer", before->referrer, hit->referrer, SLICE_NONE);
	row_add(explain, "referrer", "external_referrer", before->referrer, hit->external_referrer, SLICE_NONE);
	row_add(explain, "referrer", "referrer_domain", SLICE_NONE, hit->referrer_domain, SLICE_NONE);
	row_add(explain, "referrer", "referrer_category", SLICE_NONE, hit->referrer_category, SLICE_NONE);
	row_add(explain, "referrer", "search_term", SLICE_NONE, hit->search_term, SLICE_NONE);
	row_add(explain, "campaign", "utm_source", before->campaign_source, hit->utm_source, SLICE_NONE);
	row_add(explain, "campaign", "utm_medium", before->campaign_medium, hit->utm_medium, SLICE_NONE);
	row_add(explain, "campaign", "utm_campaign", before->campaign_name, hit->utm_campaign, SLICE_NONE);
	row_add(explain, "campaign", "utm_term", before->campaign_term, hit->utm_term, SLICE_NONE);
	row_add(explain, "campaign", "utm_content", before->campaign_content, hit->utm_content, SLICE_NONE);
	row_add(explain, "campaign", "click_id", hit->click_id_type, hit->click_id, SLICE_NONE);
	row_add(explain, "channel", "channel_type", SLICE_NONE, hit->channel_type, SLICE_NONE);
	row_add(explain, "channel", "channel_subtype", SLICE_NONE, hit->channel_subtype, note_of(trace, "channel"));
}

static void sender_rows(Explain *explain, const IntakeMessage *before, const Trace *trace, const Hit *hit)
{
	row_add(explain, "agent", "user_agent", before->user_agent, hit->user_agent, SLICE_NONE);
	row_add(explain, "agent", "device_type", SLICE_NONE, hit->device_type, SLICE_NONE);
	row_add(explain, "agent", "browser", SLICE_NONE, hit->browser, SLICE_NONE);
	row_add(explain, "agent", "browser_version", SLICE_NONE, hit->browser_version, SLICE_NONE);
	row_add(explain, "agent", "os", SLICE_NONE, hit->os, SLICE_NONE);
	row_add(explain, "agent", "os_version", SLICE_NONE, hit->os_version, SLICE_NONE);
	row_add(explain, "address", "ip_hash", before->ip,
		hit->ip_hash.size > 0 ? SLICE_LITERAL("a keyed hash") : SLICE_NONE, SLICE_NONE);
	row_add(explain, "address", "ip_encrypted", SLICE_NONE,
		hit->ip_encrypted.size > 0 ? SLICE_LITERAL("encrypted") : SLICE_NONE, SLICE_NONE);
	row_add(explain, "address", "country", SLICE_NONE, hit->country, SLICE_NONE);
	row_add(explain, "address", "region", SLICE_NONE, hit->region, SLICE_NONE);
	Slice robot = note_of(trace, "agent");
	bool is_excluded = hit->robot_kind.size > 0 && robot.size == 0;
	row_add(explain, "counting", "robot_kind", SLICE_NONE, hit->robot_kind,
		is_excluded ? SLICE_LITERAL("kept out of the figures by a setting") : robot);
}

// What the hit says in its own words.
static void word_rows(Explain *explain, const Hit *before, const Hit *hit)
{
#define X(name) row_add(explain, "words", #name, before->name, hit->name, SLICE_NONE);
	X(event_type)
	X(event_category)
	X(event_action)
	X(event_label)
	X(event_value)
	X(element_id)
	X(element_class)
	X(element_text)
	X(element_selector)
	X(metadata)
	X(traits)
#undef X
}

// ── The message ──

static const char *place_of(const Hit *hit)
{
	static const char *const places[] = {
		[HIT_PAGE] = "page_views",
		[HIT_EVENT] = "user_events",
		[HIT_IDENTIFY] = "persons",
		[HIT_LEAVE] = "page_views, of the view that is left",
		[HIT_CONSENT] = "user_consent",
	};
	return hit->robot_kind.size > 0 ? "robots" : places[hit->type];
}

static bool taken_explain(Explain *explain, const JsonValue *value, IntakeMessage *message, Explained *explained,
	Error *error)
{
	Trace trace = {.arena = &explain->arena};
	// Enriching changes texts by putting others in their place, so a copy of the slices still sees those before.
	const IntakeMessage before = *message;
	if (!message_enrich(explain->enricher, message, &trace, error))
		return false;
	const Hit *hit = &message->hit;
	buf_reset(&explain->encoded);
	hit_encode(hit, &explain->encoded);
	if (!buf_is_ok(&explain->encoded))
	{
		explained->refusal = REFUSAL_TOO_LARGE;
		return true;
	}
	time_rows(explain, value, hit);
	who_rows(explain, &before, hit);
	page_rows(explain, &before, &trace, hit);
	arrival_rows(explain, &before, &trace, hit);
	sender_rows(explain, &before, &trace, hit);
	word_rows(explain, &before.hit, hit);
	explained->place = place_of(hit);
	explained->hit = hit;
	explained->encoded_size = explain->encoded.size;
	return true;
}

bool explain_message(Explain *explain, const JsonValue *value, const JsonValue *envelope, Explained *explained,
	Error *error)
{
	arena_reset(&explain->arena);
	explain->row_count = 0;
	*explained = (Explained){0};
	IntakeMessage *message = ARENA_NEW(&explain->arena, IntakeMessage);
	if (message == NULL)
		return error_set(error, ERROR_MEMORY, "no memory to explain a hit");
	explained->refusal = message_read(&explain->rules, &explain->sender, value, envelope, MESSAGE_UNKNOWN,
		&explain->arena, &explain->json, message);
	if (explained->refusal == REFUSAL_NONE && !taken_explain(explain, value, message, explained, error))
		return false;
	explained->rows = explain->rows;
	explained->row_count = explain->row_count;
	return true;
}
