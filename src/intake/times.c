// Two kinds of clients know that their clock is off. The tracker makes its ids with the corrected clock and sends no
// timestamps: ids (of messages, views and sessions) are taken as they are. Others say context.session.clockOffsetMs and send
// timestamps of their own clock: those have it added. docs/decisions/clocks.md
#include "intake/internal.h"

#include "base/clock.h"

#include <string.h>

#define MESSAGE_ID_SIZE_MAX 250
// No clock is off by more than this; it also keeps the sums below from overflowing.
#define OFFSET_MS_MAX (200 * 366 * CLOCK_DAY_MS)

// ISO 8601, or milliseconds since 1970 as a number.
static bool time_parse(const JsonValue *value, int64_t *time_ms)
{
	if (value->type == JSON_STRING)
		return clock_parse_iso8601(slice_trim(value->text), time_ms);
	return value->type == JSON_NUMBER && json_int64(value, time_ms) && *time_ms <= UUID_TIME_MS_MAX
		&& *time_ms >= -UUID_TIME_MS_MAX;
}

// What the client found to be the difference between the server's clock and its own.
static bool offset_read(const Reading *reading, int64_t *offset_ms)
{
	double offset = 0;
	if (!reading_is_browser(reading) || !json_double(reading_get(reading->session, "clockOffsetMs"), &offset))
		return false;
	if (offset > (double) OFFSET_MS_MAX || offset < (double) -OFFSET_MS_MAX)
		return false;
	*offset_ms = (int64_t) offset;
	return true;
}

static bool is_clock_off(const Reading *reading)
{
	const JsonValue *sent_at = reading_get(reading->envelope, "sentAt");
	if (sent_at == NULL)
		sent_at = reading_get(reading->value, "sentAt");
	int64_t sent_ms = 0;
	if (!reading_is_browser(reading) || sent_at == NULL || !time_parse(sent_at, &sent_ms))
		return false;
	int64_t off_ms = sent_ms - reading->sender->now_ms;
	return off_ms > reading->rules->skew_ms_max || off_ms < -reading->rules->skew_ms_max;
}

// The time the message itself names; false where it names none.
static bool time_given(const Reading *reading, int64_t offset_ms, Refusal *refusal, int64_t *time_ms)
{
	const JsonValue *timestamp = reading_get(reading->value, "timestamp");
	if (timestamp == NULL)
		timestamp = reading_get(reading->value, "originalTimestamp");
	if (timestamp == NULL)
		return false;
	if (!time_parse(timestamp, time_ms))
		*refusal = REFUSAL_BAD_TIME;
	*time_ms += offset_ms;
	return true;
}

static Refusal time_check(const Reading *reading, int64_t time_ms)
{
	const IntakeRules *rules = reading->rules;
	int64_t now_ms = reading->sender->now_ms;
	if (time_ms > now_ms + rules->future_ms_max)
		return REFUSAL_IN_FUTURE;
	bool is_any_age_allowed = !reading_is_browser(reading) && reading->sender->key->is_old_allowed;
	if (time_ms < now_ms - rules->age_ms_max && !is_any_age_allowed)
		return REFUSAL_TOO_OLD;
	return time_ms < 0 ? REFUSAL_BAD_TIME : REFUSAL_NONE;
}

// The same message of the same source has the same id, whoever takes it and whenever.
static Uuid id_hashed(const Reading *reading, Slice message_id, int64_t time_ms)
{
	char both[KEY_NAME_SIZE_MAX + 1 + MESSAGE_ID_SIZE_MAX];
	Slice source = slice_sub(reading->message->hit.source, 0, KEY_NAME_SIZE_MAX);
	memcpy(both, source.data, source.size);
	both[source.size] = '\0';
	memcpy(both + source.size + 1, message_id.data, message_id.size);
	return uuid7_from_hash(time_ms, hash_128((Slice){both, source.size + 1 + message_id.size}));
}

Refusal reading_time(Reading *reading)
{
	Hit *hit = &reading->message->hit;
	const JsonValue *id_value = reading_get(reading->value, "messageId");
	Slice message_id = reading_text(id_value);
	if (id_value != NULL && id_value->type != JSON_STRING && id_value->type != JSON_NUMBER)
		return REFUSAL_BAD_ID;
	if (message_id.size > MESSAGE_ID_SIZE_MAX)
		return REFUSAL_TOO_LARGE;
	int64_t offset_ms = 0;
	if (!offset_read(reading, &offset_ms) && is_clock_off(reading))
		return REFUSAL_CLOCK_SKEW;
	Uuid uuid;
	bool is_uuid7 = message_id.size > 0 && uuid_parse(message_id, &uuid) && uuid_is_7(uuid);
	int64_t time_ms = reading->sender->now_ms;
	Refusal refusal = REFUSAL_NONE;
	if (!time_given(reading, offset_ms, &refusal, &time_ms))
	{
		if (is_uuid7)
			time_ms = uuid7_time_ms(uuid);
		else
		{
			hit->is_time_arrival = 1;
			hit->message_id = message_id;
		}
	}
	if (refusal == REFUSAL_NONE)
		refusal = time_check(reading, time_ms);
	if (refusal != REFUSAL_NONE)
		return refusal;
	if (is_uuid7)
		hit->id = uuid7_with_time(uuid, time_ms);
	else if (message_id.size > 0)
		hit->id = id_hashed(reading, message_id, time_ms);
	else
		hit->id = uuid7_make(time_ms);
	return REFUSAL_NONE;
}
