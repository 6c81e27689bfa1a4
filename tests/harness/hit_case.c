#include "harness/hit_case.h"

#include "base/hash.h"

#include <stdio.h>

static Uuid case_uuid(RandomCase *random, int64_t time_ms)
{
	Hash128 hash = {{0}};
	for (size_t at = 0; at < sizeof hash.bytes; at++)
		hash.bytes[at] = (unsigned char) random_case_below(random, 256);
	return uuid7_from_hash(time_ms, hash);
}

static Slice pick(RandomCase *random, const char *const *texts, size_t count)
{
	return slice_from(texts[random_case_below(random, count)]);
}

static void who_make(RandomCase *random, Hit *hit)
{
	size_t kind = random_case_below(random, 6);
	if (kind != 0)
		hit->anonymous_id = -11 - (int64_t) random_case_below(random, 2);
	if (kind <= 1)
		hit->user_id = 1 + (int64_t) random_case_below(random, 2);
}

static void description_make(RandomCase *random, Hit *hit)
{
	static const char *const pages[] = {"/", "/finder", "/profile", "/collections"};
	static const char *const browsers[] = {"Firefox", "Chromium", "Safari"};
	static const char *const sources[] = {"newsletter", "google", "partner"};
	hit->source = SLICE_LITERAL("web");
	hit->page_url = pick(random, pages, 4);
	hit->browser = pick(random, browsers, 3);
	if (random_case_below(random, 2) == 0)
		hit->utm_source = pick(random, sources, 3);
	if (hit->type == HIT_EVENT)
		hit->event_type = SLICE_LITERAL("click");
}

static void leave_make(RandomCase *random, Case *made, Hit *hit, int64_t time_ms)
{
	hit_init(hit, HIT_LEAVE);
	size_t view = random_case_below(random, HITS_MAX);
	hit->page_view_id = view < made->count ? made->hits[view].id : case_uuid(random, time_ms);
	int64_t viewed_ms = uuid7_time_ms(hit->page_view_id);
	hit->id = case_uuid(random, viewed_ms + (int64_t) random_case_below(random, 50) * MINUTE_MS);
	hit->visible_ms = (int64_t) random_case_below(random, 100000);
	hit->scroll_percent = (int64_t) random_case_below(random, 101);
	hit->clicks = (int64_t) random_case_below(random, 9);
	hit->interactions = (int64_t) random_case_below(random, 9);
	hit->is_session_end = random_case_below(random, 8) == 0 ? 1 : HIT_NONE;
}

void hit_case_make(RandomCase *random, Case *made)
{
	Uuid sessions[3];
	size_t with_session = random_case_below(random, 4);
	size_t sign_ins = random_case_below(random, 4);
	*made = (Case){.count = 3 + random_case_below(random, HITS_MAX - 3)};
	arena_init(&made->arena, 1 << 22U);
	size_t wanted = made->count;
	for (size_t at = 0; at < 3; at++)
		sessions[at] = case_uuid(random, BEGIN_MS + (int64_t) random_case_below(random, 120) * MINUTE_MS);
	int64_t time_ms = BEGIN_MS + 60 * MINUTE_MS;
	for (made->count = 0; made->count < wanted; made->count++)
	{
		Hit *hit = &made->hits[made->count];
		time_ms += (int64_t) (random_case_below(random, 5) == 0 ? random_case_below(random, 70)
																: random_case_below(random, 25))
			* MINUTE_MS;
		size_t kind = random_case_below(random, 12);
		if (kind < sign_ins)
		{
			hit_init(hit, HIT_IDENTIFY);
			hit->id = case_uuid(random, time_ms);
			hit->anonymous_id = -11 - (int64_t) random_case_below(random, 2);
			hit->user_id = 1 + (int64_t) random_case_below(random, 3);
			hit->traits = random_case_below(random, 2) == 0 ? SLICE_LITERAL("{\"plan\":\"free\",\"size\":3}")
															: SLICE_LITERAL("{\"plan\":\"pro\"}");
			hit->created_ms = random_case_below(random, 3) == 0
				? BEGIN_MS - (int64_t) random_case_below(random, 9) * MINUTE_MS
				: HIT_NONE;
		}
		else if (kind == 3 || kind == 4)
			leave_make(random, made, hit, time_ms);
		else
		{
			hit_init(hit, kind < 8 ? HIT_PAGE : HIT_EVENT);
			hit->id = case_uuid(random, time_ms);
			who_make(random, hit);
			description_make(random, hit);
			if (random_case_below(random, 4) < with_session)
			{
				hit->session_id = sessions[random_case_below(random, 3)];
				hit->sequence = hit->type == HIT_PAGE ? 1 + (int64_t) random_case_below(random, 9) : HIT_NONE;
			}
		}
	}
	for (size_t at = 0; at < made->count; at++)
	{
		Buf buf;
		buf_init(&buf, 1 << 16U);
		hit_encode(&made->hits[at], &buf);
		made->payloads[at] = arena_copy(&made->arena, buf_slice(&buf));
		buf_free(&buf);
	}
}

void hit_case_print(const Case *made)
{
	for (size_t at = 0; at < made->count; at++)
	{
		Buf buf;
		buf_init(&buf, 1 << 16U);
		hit_write_json(&made->hits[at], &buf);
		buf_append_byte(&buf, '\0');
		(void) fprintf(stderr, "hit at %lld min: %s\n",
			(long long) ((hit_time_ms(&made->hits[at]) - BEGIN_MS) / MINUTE_MS), buf.data);
		buf_free(&buf);
	}
}
