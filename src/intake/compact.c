#include "intake/compact.h"

#include "base/clock.h"
#include "base/uuid.h"

#include <math.h>
#include <string.h>

#define OFFSET_MS_MAX (200 * 366 * CLOCK_DAY_MS) // no clock is off by more
#define COUNTER_MAX INT64_C(9007199254740991)    // what JavaScript counts exactly
#define RANDOM_MAX ((int64_t) UINT32_MAX)

enum { KEY, SENT_AT, OFFSET, CONSENT, LOCALE, TIMEZONE, WIDTH, HEIGHT, WEBDRIVER, BATCH, INTERNAL, BATCH_PARTS };
enum { OFFSET_MS, OFFSET_SESSION, OFFSET_PARTS };
enum { MESSAGE_ID, MESSAGE_VIEW, KIND, FIRST, SECOND, MESSAGE_PARTS };
enum { VIEW_ID, URL, REFERRER, TITLE, SESSION, SEQUENCE, ANONYMOUS, USER, CATEGORY, VIEW_PARTS };
enum { USER_ID, SIGNATURE, USER_PARTS };
enum { VISIBLE, DEPTH, OTHER_CLICKS, CHANGES, CONTROL_CLICKS, TOTAL_PARTS };
enum { INP, CLS, LCP, LOAD, INTERACTIVE, VITAL_PARTS };
enum { KIND_PAGE, KIND_TRACK, KIND_IDENTIFY, KIND_LEAVE, KIND_CONSENT, KINDS };

typedef struct Reader {
	Arena *arena;
	int64_t offset_ms;
	Slice sure; // the session whose times we have taken with that offset
	bool is_full;
} Reader;

// The first `count` children of a list; NULL where there are fewer.
static void parts_of(const JsonValue *list, const JsonValue **parts, size_t count)
{
	const JsonValue *next = json_is_array(list) ? list->first : NULL;
	for (size_t at = 0; at < count; at++)
	{
		parts[at] = next;
		next = next == NULL ? NULL : next->next;
	}
}

// ── Writing ──

static JsonValue *value_make(Reader *reader, JsonType type, Slice text)
{
	JsonValue *value = ARENA_NEW(reader->arena, JsonValue);
	if (value == NULL)
		reader->is_full = true;
	else
		*value = (JsonValue){.type = type, .text = text};
	return value;
}

static JsonValue *text_make(Reader *reader, const char *text)
{
	return value_make(reader, JSON_STRING, slice_from(text));
}

static JsonValue *number_make(Reader *reader, double number)
{
	Slice text = arena_format(reader->arena, "%.0f", number);
	if (text.data == NULL)
		reader->is_full = true;
	return text.data == NULL ? NULL : value_make(reader, JSON_NUMBER, text);
}

// A value has one parent, so what is put is a copy; what lies below it is shared. Puts nothing where there is nothing.
static void put(Reader *reader, JsonValue *object, const char *key, const JsonValue *value)
{
	if (object == NULL || value == NULL || value->type == JSON_NULL)
		return;
	JsonValue *copy = value_make(reader, value->type, value->text);
	if (copy == NULL)
		return;
	*copy = *value;
	copy->key = slice_from(key);
	copy->next = object->first;
	object->first = copy;
	object->count++;
}

static JsonValue *object_make(Reader *reader)
{
	return value_make(reader, JSON_OBJECT, SLICE_NONE);
}

// ── Ids ──

static bool field_read(Slice text, int64_t most, int64_t *field)
{
	return slice_to_int64(text, field) && *field >= 0 && *field <= most;
}

static bool id_read(Slice text, int64_t offset_ms, Uuid *id)
{
	int64_t ms = 0;
	int64_t counter = 0;
	int64_t high = 0;
	int64_t low = 0;
	Slice rest = SLICE_NONE;
	if (!field_read(slice_split(text, '-', &rest), UUID_TIME_MS_MAX, &ms)
		|| !field_read(slice_split(rest, '-', &rest), COUNTER_MAX, &counter)
		|| !field_read(slice_split(rest, ',', &rest), RANDOM_MAX, &high) || !field_read(rest, RANDOM_MAX, &low))
		return false;
	const uint64_t rand_b = ((uint64_t) high << 32U) | (uint64_t) low;
	id->bytes[6] = (unsigned char) (0x70U | (((uint64_t) counter >> 8U) & 0x0FU));
	id->bytes[7] = (unsigned char) ((uint64_t) counter & 0xFFU);
	for (size_t at = 0; at < 8; at++)
		id->bytes[8 + at] = (unsigned char) (rand_b >> (56 - 8 * at));
	id->bytes[8] = (unsigned char) (0x80U | (id->bytes[8] & 0x3FU));
	*id = uuid7_with_time(*id, ms + offset_ms);
	return true;
}

// As others write it; what is no id stays what it is, and is refused as such.
static const JsonValue *id_make(Reader *reader, const JsonValue *value)
{
	Uuid id = {{0}};
	if (!id_read(json_string(value), reader->offset_ms, &id))
		return value;
	char *text = arena_allocate(reader->arena, UUID_TEXT_SIZE);
	if (text == NULL)
	{
		reader->is_full = true;
		return NULL;
	}
	uuid_format(id, text);
	return text_make(reader, text);
}

// ── Messages ──

static const JsonValue *context_make(Reader *reader, const JsonValue *const view[], const JsonValue *view_id)
{
	JsonValue *page = object_make(reader);
	put(reader, page, "url", view[URL]);
	put(reader, page, "referrer", view[REFERRER]);
	put(reader, page, "title", view[TITLE]);
	JsonValue *session = object_make(reader);
	put(reader, session, "id", id_make(reader, view[SESSION]));
	put(reader, session, "sequence", view[SEQUENCE]);
	put(reader, session, "pageViewId", view_id);
	if (reader->sure.size > 0 && slice_equal(reader->sure, json_string(view[SESSION])))
		put(reader, session, "clockOffsetMs", number_make(reader, (double) reader->offset_ms));
	JsonValue *context = object_make(reader);
	put(reader, context, "page", page);
	put(reader, context, "session", session);
	return context;
}

static void sum_put(Reader *reader, JsonValue *message, const char *key, const JsonValue *left, const JsonValue *right)
{
	double first = 0;
	double second = 0;
	if (json_double(left, &first) && json_double(right, &second) && fabs(first) < 1e15 && fabs(second) < 1e15)
		put(reader, message, key, number_make(reader, first + second));
}

static void leave_put(Reader *reader, JsonValue *message, const JsonValue *totals, const JsonValue *vitals)
{
	const JsonValue *total[TOTAL_PARTS];
	const JsonValue *vital[VITAL_PARTS];
	parts_of(totals, total, TOTAL_PARTS);
	parts_of(vitals, vital, VITAL_PARTS);
	put(reader, message, "visibleMs", total[VISIBLE]);
	put(reader, message, "scrollDepthPercent", total[DEPTH]);
	sum_put(reader, message, "clicks", total[OTHER_CLICKS], total[CONTROL_CLICKS]);
	sum_put(reader, message, "interactions", total[CHANGES], total[CONTROL_CLICKS]);
	put(reader, message, "inpMs", vital[INP]);
	put(reader, message, "cls", vital[CLS]);
	put(reader, message, "lcpMs", vital[LCP]);
	put(reader, message, "loadMs", vital[LOAD]);
	put(reader, message, "interactiveMs", vital[INTERACTIVE]);
}

static void who_put(Reader *reader, JsonValue *message, const JsonValue *const view[])
{
	const JsonValue *user[USER_PARTS];
	parts_of(view[USER], user, USER_PARTS);
	put(reader, message, "anonymousId", view[ANONYMOUS]);
	put(reader, message, "userId", user[USER_ID]);
	put(reader, message, "signature", user[SIGNATURE]);
}

static JsonValue *message_make(Reader *reader, const JsonValue *list)
{
	static const char *const types[KINDS] = {[KIND_PAGE] = "page",
		[KIND_TRACK] = "track",
		[KIND_IDENTIFY] = "identify",
		[KIND_LEAVE] = "leave",
		[KIND_CONSENT] = "consent"};
	const JsonValue *part[MESSAGE_PARTS];
	const JsonValue *view[VIEW_PARTS];
	int64_t kind = KINDS;
	parts_of(list, part, MESSAGE_PARTS);
	parts_of(part[MESSAGE_VIEW], view, VIEW_PARTS);
	JsonValue *message = object_make(reader);
	if (!json_int64(part[KIND], &kind) || kind < 0 || kind >= KINDS)
		return message; // has no type, and is refused for that
	const JsonValue *view_id = id_make(reader, view[VIEW_ID]);
	put(reader, message, "type", text_make(reader, types[kind]));
	put(reader, message, "messageId", kind == KIND_PAGE ? view_id : id_make(reader, part[MESSAGE_ID]));
	put(reader, message, "category", view[CATEGORY]);
	put(reader, message, "context", context_make(reader, view, view_id));
	who_put(reader, message, view);
	if (kind == KIND_LEAVE)
		leave_put(reader, message, part[FIRST], part[SECOND]);
	else if (kind == KIND_IDENTIFY)
		put(reader, message, "traits", part[FIRST]);
	else
		put(reader, message, "properties", part[kind == KIND_TRACK ? SECOND : FIRST]);
	if (kind == KIND_TRACK)
		put(reader, message, "event", part[FIRST]);
	return message;
}

static const JsonValue *messages_make(Reader *reader, const JsonValue *list)
{
	JsonValue *batch = value_make(reader, JSON_ARRAY, SLICE_NONE);
	JsonValue *last = NULL;
	for (const JsonValue *next = list->first; next != NULL; next = next->next)
	{
		JsonValue *message = message_make(reader, next);
		if (reader->is_full)
			return NULL;
		*(last == NULL ? &batch->first : &last->next) = message;
		last = message;
		batch->count++;
	}
	return batch;
}

// ── The batch ──

static void offset_read(Reader *reader, const JsonValue *list)
{
	const JsonValue *part[OFFSET_PARTS];
	double offset = 0;
	parts_of(list, part, OFFSET_PARTS);
	if (json_double(part[OFFSET_MS], &offset) && fabs(offset) <= (double) OFFSET_MS_MAX)
		reader->offset_ms = (int64_t) offset;
	reader->sure = json_string(part[OFFSET_SESSION]);
}

static bool is_said(const JsonValue *value)
{
	return value != NULL && (value->type == JSON_NUMBER || value->type == JSON_STRING || value->type == JSON_TRUE);
}

static const JsonValue *common_make(Reader *reader, const JsonValue *const part[])
{
	JsonValue *screen = object_make(reader);
	put(reader, screen, "width", part[WIDTH]);
	put(reader, screen, "height", part[HEIGHT]);
	JsonValue *context = object_make(reader);
	put(reader, context, "screen", screen);
	put(reader, context, "consent", part[CONSENT]);
	put(reader, context, "locale", part[LOCALE]);
	put(reader, context, "timezone", part[TIMEZONE]);
	put(reader, context, "webdriver", part[WEBDRIVER]);
	if (is_said(part[INTERNAL]))
		put(reader, context, "internal", value_make(reader, JSON_TRUE, SLICE_NONE));
	return context;
}

bool compact_is(const JsonValue *value)
{
	return json_is_array(value) && json_string(value->first).size > 0;
}

const JsonValue *compact_read(const JsonValue *list, Arena *arena, int64_t *sent_ms)
{
	Reader reader = {.arena = arena};
	const JsonValue *part[BATCH_PARTS];
	parts_of(list, part, BATCH_PARTS);
	offset_read(&reader, part[OFFSET]);
	JsonValue *envelope = object_make(&reader);
	put(&reader, envelope, "writeKey", part[KEY]);
	*sent_ms = 0;
	if (json_int64(part[SENT_AT], sent_ms) && *sent_ms >= 0 && *sent_ms <= UUID_TIME_MS_MAX)
		put(&reader, envelope, "sentAt", number_make(&reader, (double) (*sent_ms + reader.offset_ms)));
	put(&reader, envelope, "context", common_make(&reader, part));
	if (json_is_array(part[BATCH]))
		put(&reader, envelope, "batch", messages_make(&reader, part[BATCH]));
	return reader.is_full ? NULL : envelope;
}
