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

#define EXTERNAL_FIRST ((int64_t) 1 << 62U)

static const char *const trait_texts[] = {"{\"plan\":\"free\",\"size\":3}", "{\"plan\":\"pro\"}",
	"{\"createdAt\":\"long ago\",\"size\":4}"};

// 1, 2, 3, and one whose id is text in the product.
static void person_make(RandomCase *random, Hit *hit, size_t most)
{
	size_t person = random_case_below(random, most);
	hit->user_id = 1 + (int64_t) person;
	if (person != 2)
		return;
	hit->user_id = EXTERNAL_FIRST + 5;
	hit->external_id = SLICE_LITERAL("ada@example.org");
}

static void who_make(RandomCase *random, Hit *hit)
{
	size_t kind = random_case_below(random, 6);
	if (kind != 0)
		hit->anonymous_id = -11 - (int64_t) random_case_below(random, 2);
	if (kind <= 1)
		person_make(random, hit, 3);
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

// Mostly a view, one of the last more likely, so that several leaves of one are common; also an event, or nothing there is.
static Uuid view_pick(RandomCase *random, const Case *made, int64_t time_ms)
{
	for (size_t at = made->count; at > 0; at--)
	{
		const Hit *hit = &made->hits[at - 1];
		if (random_case_below(random, hit->type == HIT_PAGE ? 3 : 20) == 0)
			return hit->id;
	}
	return case_uuid(random, time_ms);
}

static void leave_make(RandomCase *random, Case *made, Hit *hit, int64_t time_ms)
{
	hit_init(hit, HIT_LEAVE);
	hit->page_view_id = view_pick(random, made, time_ms);
	int64_t viewed_ms = uuid7_time_ms(hit->page_view_id);
	int64_t after_ms = (int64_t) random_case_below(random, 50) * MINUTE_MS;
	hit->id = case_uuid(random, random_case_below(random, 10) == 0 ? viewed_ms - 2 * after_ms : viewed_ms + after_ms);
	hit->visible_ms = (int64_t) random_case_below(random, 100000);
	hit->scroll_percent = (int64_t) random_case_below(random, 101);
	hit->clicks = (int64_t) random_case_below(random, 9);
	hit->interactions = (int64_t) random_case_below(random, 9);
	int64_t *vitals[] = {&hit->load_ms, &hit->interactive_ms, &hit->largest_paint_ms, &hit->next_paint_ms,
		&hit->layout_shift};
	for (size_t at = 0; at < sizeof vitals / sizeof *vitals; at++)
		*vitals[at] = random_case_below(random, 3) == 0 ? HIT_NONE : (int64_t) random_case_below(random, 3000);
	hit->is_session_end = random_case_below(random, 8) == 0 ? 1 : HIT_NONE;
}

static void sign_in_make(RandomCase *random, Hit *hit, int64_t time_ms)
{
	hit_init(hit, HIT_IDENTIFY);
	hit->id = case_uuid(random, time_ms);
	hit->anonymous_id = -11 - (int64_t) random_case_below(random, 2);
	if (random_case_below(random, 6) == 0)
		hit->previous_id = -11 - (int64_t) random_case_below(random, 3);
	person_make(random, hit, 4);
	hit->traits = pick(random, trait_texts, 3);
	hit->created_ms =
		random_case_below(random, 3) == 0 ? BEGIN_MS - (int64_t) random_case_below(random, 9) * MINUTE_MS : HIT_NONE;
}

static void consent_make(RandomCase *random, Hit *hit, int64_t time_ms)
{
	hit_init(hit, HIT_CONSENT);
	hit->id = case_uuid(random, time_ms);
	who_make(random, hit);
	hit->analytics_consent = random_case_below(random, 3) == 0 ? HIT_NONE : (int64_t) random_case_below(random, 2);
	hit->marketing_consent = random_case_below(random, 3) == 0 ? HIT_NONE : (int64_t) random_case_below(random, 2);
	hit->consent_version = 1 + (int64_t) random_case_below(random, 2);
}

// The id of an earlier hit again: as a view if that was an event, and the other way round. (Of two views with one id and
// person the first that comes is taken for the hit and the other for its retry, so there is no more than one twin.)
static void twin_make(RandomCase *random, const Case *made, Hit *hit)
{
	const Hit *other = &made->hits[random_case_below(random, made->count)];
	bool is_same_person = random_case_below(random, 2) == 0;
	for (size_t at = 0; at < made->count; at++)
	{
		if (&made->hits[at] != other && uuid_compare(made->hits[at].id, other->id) == 0)
			return;
	}
	if (other->type != HIT_PAGE && other->type != HIT_EVENT)
		return;
	hit_init(hit, other->type == HIT_PAGE ? HIT_EVENT : HIT_PAGE);
	hit->id = other->id;
	hit->anonymous_id =
		other->anonymous_id != HIT_NONE && random_case_below(random, 2) == 0 ? other->anonymous_id : -13;
	if (is_same_person)
	{
		hit->user_id = other->user_id;
		hit->external_id = other->external_id;
	}
	description_make(random, hit);
}

// What may be odd about a view or event, in its own way; none of it changes what sessions there are, but that a robot has none.
static void oddity_make(RandomCase *random, Case *made, Hit *hit)
{
	switch (random_case_below(random, 20))
	{
	case 0:
		hit->robot_kind = SLICE_LITERAL("crawler");
		break;
	case 1: // one that nothing else has: which of several comes first is not for the set to say
		hit->is_time_arrival = 1;
		hit->message_id = arena_format(&made->arena, "message %zu", made->count);
		break;
	case 2:
		if (made->count > 0)
			twin_make(random, made, hit);
		break;
	default:
		break;
	}
}

static void alone_make(Hit *hit)
{
	hit->anonymous_id = -11;
	hit->user_id = 1;
	hit->external_id = SLICE_NONE;
	hit->session_id = (Uuid){{0}};
	hit->sequence = HIT_NONE;
}

static void one_session_make(Hit *hit, Uuid session)
{
	hit->anonymous_id = -11;
	hit->user_id = HIT_NONE;
	hit->external_id = SLICE_NONE;
	hit->session_id = session;
	hit->sequence = hit->type == HIT_PAGE ? 1 : HIT_NONE;
}

void hit_case_make(RandomCase *random, Case *made)
{
	size_t mood = random_case_below(random, 5);
	bool is_alone = mood == 0;
	bool is_one_session = mood == 1;
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
			sign_in_make(random, hit, time_ms);
		else if (kind == 3 || kind == 4 || (is_one_session && kind < 8 && made->count > 0))
			leave_make(random, made, hit, time_ms);
		else if (kind == 11 && random_case_below(random, 2) == 0)
			consent_make(random, hit, time_ms);
		else
		{
			hit_init(hit, kind < 8 || is_one_session ? HIT_PAGE : HIT_EVENT);
			hit->id = case_uuid(random, time_ms);
			who_make(random, hit);
			description_make(random, hit);
			if (hit->type == HIT_PAGE && random_case_below(random, 2) == 0)
				hit->load_ms = (int64_t) random_case_below(random, 3000);
			if (random_case_below(random, 4) < with_session)
			{
				hit->session_id = sessions[random_case_below(random, 3)];
				hit->sequence = hit->type == HIT_PAGE ? 1 + (int64_t) random_case_below(random, 9) : HIT_NONE;
			}
			if (is_alone)
				alone_make(hit);
			else if (is_one_session)
				one_session_make(hit, sessions[0]);
			else
				oddity_make(random, made, hit);
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

int hit_case_set_up(void **state)
{
	static Loading loading;
	LoaderOptions options = LOADER_OPTIONS_DEFAULT;
	options.timeout_ms = TIMEOUT_MS;
	options.session_max_ms = SESSION_MAX_MS;
	options.buffer_folder = "/nonexistent";
	loading_open(&loading, &options, BEGIN_MS + 3 * 60 * MINUTE_MS);
	*state = &loading;
	return 0;
}

int hit_case_tear_down(void **state)
{
	loading_close(*state);
	return 0;
}
