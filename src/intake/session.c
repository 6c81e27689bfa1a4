#include "intake/internal.h"

#include "base/clock.h"

// Sessions go on for days on screens that are never switched off; ids from outside of this are made up, and would have
// partitions made for their months.
#define ID_AGE_MS_MAX (31 * CLOCK_DAY_MS)
#define ID_AHEAD_MS_MAX CLOCK_DAY_MS

static bool id_read(const JsonValue *value, int64_t time_ms, Uuid *id)
{
	Uuid uuid;
	if (!uuid_parse(json_string(value), &uuid) || !uuid_is_7(uuid))
		return false;
	int64_t made_ms = uuid7_time_ms(uuid);
	*id = uuid;
	return made_ms >= time_ms - ID_AGE_MS_MAX && made_ms <= time_ms + ID_AHEAD_MS_MAX;
}

static Refusal page_view_read(Reading *reading)
{
	Hit *hit = &reading->message->hit;
	const JsonValue *id = reading->kind == MESSAGE_LEAVE ? reading_get(reading->value, "pageViewId") : NULL;
	if (id == NULL)
		id = reading_get(reading->session, "pageViewId");
	if (id == NULL)
		return reading->kind == MESSAGE_LEAVE ? REFUSAL_MISSING_PAGE_VIEW : REFUSAL_NONE;
	if (!id_read(id, hit_time_ms(hit), &hit->page_view_id))
		return REFUSAL_BAD_SESSION;
	if (hit->type == HIT_PAGE) // its own id is the view's
		hit->page_view_id = (Uuid){{0}};
	return REFUSAL_NONE;
}

Refusal reading_session(Reading *reading)
{
	Hit *hit = &reading->message->hit;
	bool is_end = false;
	if (json_bool(reading_get(reading->session, "end"), &is_end) && is_end)
		hit->is_session_end = 1;
	const JsonValue *id = reading_get(reading->session, "id");
	if (id != NULL && !id_read(id, hit_time_ms(hit), &hit->session_id))
		return REFUSAL_BAD_SESSION;
	if (hit->type == HIT_PAGE && id != NULL)
	{
		int64_t sequence = 0;
		if (!json_int64(reading_get(reading->session, "sequence"), &sequence) || sequence < 1 || sequence > INT32_MAX)
			return REFUSAL_BAD_SESSION;
		hit->sequence = sequence;
	}
	return page_view_read(reading);
}
