// A batch, from its JSON to what would lie in the buffer: each message is refused with a code, or becomes a finished hit that
// holds nothing of the sender's address.
#include "tests/fuzz/fuzz.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "intake/compact.h"
#include "intake/message.h"
#include "service/message_enrich.h"

#include <string.h>

#define NOW_MS INT64_C(1763862000000)

static void hit_check(const Hit *hit, Slice address, Arena *arena)
{
	assert(uuid_is_7(hit->id) && hit_time_ms(hit) <= NOW_MS + CLOCK_DAY_MS);
	assert(hit->anonymous_id < 0); // HIT_NONE too
	assert(hit->user_id == HIT_NONE || hit->user_id > 0);
	fuzz_check_hit(hit, address, arena);
}

static void message_check(const IntakeSender *sender, const JsonValue *value, const JsonValue *envelope, Buf *json,
	Arena *arena)
{
	const IntakeRules rules = message_rules(fuzz_settings(), SLICE_NONE);
	IntakeMessage message;
	Error error;
	Refusal refusal = message_read(&rules, sender, value, envelope, MESSAGE_UNKNOWN, arena, json, &message);
	if (refusal != REFUSAL_NONE)
	{
		assert(refusal < REFUSAL_COUNT && strlen(refusal_code(refusal)) > 0);
		return;
	}
	bool is_enriched = message_enrich(fuzz_enricher(), &message, NULL, &error);
	assert(is_enriched);
	if (sender->key->kind == KEY_BROWSER)
		assert(hit_time_ms(&message.hit) >= NOW_MS - 7 * CLOCK_DAY_MS);
	hit_check(&message.hit, sender->ip, arena);
}

void fuzz_one(Slice input, Arena *arena)
{
	static const WriteKey keys[] = {{.name = {"shop", 4}, .kind = KEY_BROWSER},
		{.name = {"backend", 7}, .kind = KEY_SERVER, .is_old_allowed = true}};
	JsonValue *root = NULL;
	Error error;
	Buf json;
	char address[FUZZ_ADDRESS_SIZE];
	if (!json_parse(input, arena, &root, &error))
		return;
	int64_t sent_ms = 0;
	const JsonValue *whole = compact_is(root) ? compact_read(root, arena, &sent_ms) : root;
	if (whole == NULL)
		return;
	(void) fuzz_enricher();
	buf_init(&json, (size_t) 1 << 20U);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
	{
		const IntakeSender sender = {.key = &keys[i],
			.now_ms = NOW_MS,
			.ip = fuzz_address(input, address),
			.user_agent = SLICE_LITERAL("Header/1")};
		const JsonValue *batch = json_get(whole, "batch");
		if (!json_is_array(batch))
			message_check(&sender, whole, NULL, &json, arena);
		for (const JsonValue *value = json_is_array(batch) ? batch->first : NULL; value != NULL; value = value->next)
			message_check(&sender, value, whole, &json, arena);
	}
	buf_free(&json);
}
