#include "service/import_hits.h"

#include "base/clock.h"
#include "enrich/exclude.h"
#include "service/message_enrich.h"

#include <inttypes.h>
#include <stdio.h>

static Uuid line_id(const ImportHits *hits, int64_t time_ms, uint32_t ordinal, Slice text)
{
	// The ordinal is hashed into the key's domain and not into a copy of the line.
	char domain[48];
	(void) snprintf(domain, sizeof domain, "import line %" PRIu32, ordinal);
	return uuid7_from_hash(time_ms, enricher_hash(hits->enricher, domain, text));
}

bool import_hits_take_view(void *context, const AccessView *view, Arena *arena, AccessClass *class, Error *error)
{
	const ImportHits *hits = context;
	const AccessLine *line = view->line;
	const EnrichInput raw = {
		.user_id = hits->is_user_field ? line->user : SLICE_NONE,
		.ip = line->address,
		.user_agent = line->user_agent,
		.is_log_line = true,
		.page_path = line->path,
		.page_search = line->query,
		.page_host = hits->site.size > 0 ? hits->site : line->host,
		.own_host = view->own_host,
		.referrer = line->referrer,
	};
	Hit hit;
	hit_init(&hit, HIT_PAGE);
	hit.id = line_id(hits, line->time_ms, view->ordinal, view->text);
	hit.source = hits->source;
	if (!enrich_hit(hits->enricher, &raw, arena, &hit, error))
		return false;
	if (hit.robot_kind.size > 0)
		*class = exclude_is_kind(hit.robot_kind) ? ACCESS_KEPT_OUT : ACCESS_ROBOT;
	return import_stream_put(hits->stream, &hit, error);
}

// ── Messages ──

void import_messages_init(ImportMessages *messages, const Settings *settings, Slice source, Arena *arena,
	Ordinals *ordinals)
{
	*messages = (ImportMessages){
		.rules = message_rules(settings, SLICE_NONE),
		.key = {.name = source, .kind = KEY_SERVER, .is_old_allowed = true},
		.arena = arena,
		.ordinals = ordinals,
	};
	buf_init(&messages->json, HIT_ENCODED_SIZE_MAX * 6);
}

void import_messages_free(ImportMessages *messages)
{
	buf_free(&messages->json);
}

static bool refuse(HitLineVerdict *verdict, const char *code, const char *reason)
{
	*verdict = (HitLineVerdict){.code = code, .reason = reason};
	return true;
}

static bool message_identify(const ImportHits *hits, const JsonValue *value, Slice text, Hit *hit, Error *error)
{
	uint32_t ordinal = 0;
	Slice message_id = json_scalar(json_get(value, "messageId"));
	if (slice_trim(message_id).size > 0)
		return true;
	if (!ordinals_next(hits->messages.ordinals, hit_time_ms(hit), text, &ordinal, error))
		return false;
	hit->id = line_id(hits, hit_time_ms(hit), ordinal, text);
	return true;
}

bool import_hits_take_message(void *context, const Line *line, HitLineVerdict *verdict, Error *error)
{
	ImportHits *hits = context;
	ImportMessages *messages = &hits->messages;
	const IntakeSender sender = {.key = &messages->key, .now_ms = clock_now_ms()};
	JsonValue *value = NULL;
	IntakeMessage message;
	Error failure = {0};
	arena_reset(messages->arena);
	if (!json_parse(line->text, messages->arena, &value, &failure))
		return failure.code == ERROR_TOO_LARGE ? refuse(verdict, "too_large", "the message is larger than allowed")
											   : refuse(verdict, "bad_json", "the line is no JSON");
	Refusal refusal = message_read(&messages->rules, &sender, value, NULL, MESSAGE_UNKNOWN, messages->arena,
		&messages->json, &message);
	if (refusal != REFUSAL_NONE)
		return refuse(verdict, refusal_code(refusal), refusal_sentence(refusal));
	if (message.hit.is_time_arrival == 1)
		return refuse(verdict, "missing_time", "The message brings no time: timestamp is missing.");
	if (!message_identify(hits, value, line->text, &message.hit, error)
		|| !message_enrich(hits->enricher, &message, NULL, error))
		return false;
	if (import_stream_put(hits->stream, &message.hit, &failure))
		return true;
	if (failure.code == ERROR_TOO_LARGE)
		return refuse(verdict, "too_large", "the message is larger than allowed");
	*error = failure;
	return false;
}
