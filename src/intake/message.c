#include "intake/message.h"

#include "base/clock.h"
#include "intake/internal.h"

#include <string.h>

MessageKind message_kind(Slice type)
{
	static const struct {
		Slice name;
		MessageKind kind;
	} rows[] = {{{"page", 4}, MESSAGE_PAGE}, {{"track", 5}, MESSAGE_TRACK}, {{"identify", 8}, MESSAGE_IDENTIFY},
		{{"alias", 5}, MESSAGE_ALIAS}, {{"screen", 6}, MESSAGE_SCREEN}, {{"group", 5}, MESSAGE_GROUP},
		{{"leave", 5}, MESSAGE_LEAVE}, {{"consent", 7}, MESSAGE_CONSENT}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		if (slice_equal(rows[i].name, type))
			return rows[i].kind;
	}
	return MESSAGE_UNKNOWN;
}

const JsonValue *reading_get(const JsonValue *object, const char *key)
{
	const JsonValue *value = json_get(object, key);
	return value == NULL || value->type == JSON_NULL ? NULL : value;
}

const JsonValue *reading_context(const Reading *reading, const char *key)
{
	const JsonValue *value = reading_get(reading->context, key);
	return value == NULL ? reading_get(reading->common_context, key) : value;
}

Slice reading_text(const JsonValue *value)
{
	if (value == NULL || (value->type != JSON_STRING && value->type != JSON_NUMBER)
		|| slice_trim(value->text).size == 0)
		return SLICE_NONE;
	return value->text;
}

bool reading_is_browser(const Reading *reading)
{
	return reading->sender->key->kind == KEY_BROWSER;
}

int64_t reading_round(double number)
{
	return (int64_t) (number < 0 ? number - 0.5 : number + 0.5);
}

// What the value takes as compact text, but for escapes; stops counting above the maximum.
static void size_add(const JsonValue *value, size_t size_max, size_t *size)
{
	*size += value->key.data == NULL ? 1 : value->key.size + 4;
	switch (value->type)
	{
	case JSON_NUMBER:
		*size += value->text.size;
		break;
	case JSON_STRING:
		*size += value->text.size + 2;
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		*size += 2;
		break;
	default:
		*size += 4;
		break;
	}
	for (const JsonValue *child = value->first; child != NULL && *size <= size_max; child = child->next)
		size_add(child, size_max, size);
}

size_t message_size(const JsonValue *value, size_t size_max)
{
	size_t size = 0;
	if (value != NULL)
		size_add(value, size_max, &size);
	return size;
}

static HitType hit_type(MessageKind kind)
{
	switch (kind)
	{
	case MESSAGE_PAGE:
	case MESSAGE_SCREEN:
		return HIT_PAGE;
	case MESSAGE_LEAVE:
		return HIT_LEAVE;
	case MESSAGE_CONSENT:
		return HIT_CONSENT;
	case MESSAGE_TRACK:
		return HIT_EVENT;
	default:
		return HIT_IDENTIFY;
	}
}

static const JsonValue *properties_of(const Reading *reading)
{
	if (reading->kind != MESSAGE_IDENTIFY && reading->kind != MESSAGE_GROUP)
		return reading_get(reading->value, "properties");
	const JsonValue *traits = reading_get(reading->value, "traits");
	return traits == NULL ? reading_context(reading, "traits") : traits;
}

static Refusal kind_read(Reading *reading)
{
	switch (reading->kind)
	{
	case MESSAGE_PAGE:
		return reading_page(reading);
	case MESSAGE_SCREEN:
		return reading_screen(reading);
	case MESSAGE_TRACK:
		return reading_track(reading);
	case MESSAGE_IDENTIFY:
		return reading_identify(reading);
	case MESSAGE_GROUP:
		return reading_group(reading);
	case MESSAGE_LEAVE:
		return reading_leave(reading);
	default:
		return REFUSAL_NONE;
	}
}

IntakeRules message_rules(const Settings *settings, Slice identify_secret)
{
	return (IntakeRules){.is_opt_in = settings->consent_mode == CONSENT_OPT_IN,
		.is_consent_off = settings->consent_mode == CONSENT_OFF,
		.is_dnt_no = settings->respect_dnt,
		.age_ms_max = settings->hit_age_days_max * CLOCK_DAY_MS,
		.future_ms_max = settings->hit_future_hours_max * CLOCK_HOUR_MS,
		.skew_ms_max = settings->clock_skew_seconds_max * CLOCK_SECOND_MS,
		.hit_bytes_max = (size_t) settings->hit_bytes_max,
		.identify_secret = identify_secret};
}

Refusal message_read(const IntakeRules *rules, const IntakeSender *sender, const JsonValue *value,
	const JsonValue *envelope, MessageKind kind, Arena *arena, Buf *json, IntakeMessage *message)
{
	if (!json_is_object(value))
		return REFUSAL_BAD_MESSAGE;
	const JsonValue *common_context = reading_get(envelope, "context");
	if (message_size(value, rules->hit_bytes_max) + message_size(common_context, rules->hit_bytes_max)
		> rules->hit_bytes_max)
		return REFUSAL_TOO_LARGE;
	if (kind == MESSAGE_UNKNOWN)
		kind = message_kind(json_string(reading_get(value, "type")));
	if (kind == MESSAGE_UNKNOWN)
		return REFUSAL_BAD_TYPE;
	buf_reset(json);
	memset(message, 0, sizeof *message);
	hit_init(&message->hit, hit_type(kind));
	message->arena = arena;
	message->hit.source = sender->key->name;
	message->hit.received_ms = sender->now_ms;
	Reading reading = {.rules = rules,
		.sender = sender,
		.value = value,
		.envelope = envelope,
		.kind = kind,
		.arena = arena,
		.json = json,
		.message = message};
	reading.context = reading_get(value, "context");
	reading.common_context = common_context;
	reading.session = reading_context(&reading, "session");
	reading.properties = properties_of(&reading);
	Refusal refusal = reading_consent(&reading);
	if (refusal == REFUSAL_NONE)
		refusal = reading_time(&reading);
	if (refusal == REFUSAL_NONE)
		refusal = reading_who(&reading);
	if (refusal == REFUSAL_NONE)
		refusal = reading_session(&reading);
	if (refusal != REFUSAL_NONE)
		return refusal;
	// Of a person who says no, only the no is kept.
	if (message->hit.type != HIT_CONSENT || message->hit.analytics_consent == 1)
		reading_where(&reading);
	return kind_read(&reading);
}
