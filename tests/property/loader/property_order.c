// Any order, repetition and grouping of the same hits, over any number of loaders, gives the same rows; and the sessions
// among them are those of a plain recount from the definitions.
#include "base/hash.h"
#include "harness/loading.h"
#include "harness/random_case.h"
#include "hit/hit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HITS_MAX 40
#define MINUTE_MS ((int64_t) 60000)
#define BEGIN_MS ((int64_t) 1773100800000) // 2026-03-10T00:00:00Z
#define TIMEOUT_MS (30 * MINUTE_MS)
#define SESSION_MAX_MS (3 * 60 * MINUTE_MS) // short, so that runs are split often
#define END_MS (BEGIN_MS + 30 * 24 * 60 * MINUTE_MS)

typedef struct Case {
	Hit hits[HITS_MAX];
	Slice payloads[HITS_MAX];
	size_t count;
	Arena arena;
} Case;

static int setup(void **state)
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

static int teardown(void **state)
{
	loading_close(*state);
	return 0;
}

// ── Hits ──

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

static void case_make(RandomCase *random, Case *made)
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

// ── Storing ──

static char *world_dump(Loading *world)
{
	loading_sweep(world, END_MS);
	const char *text = test_postgres_value(world->look,
		"SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
		" SELECT 'session ' || (to_jsonb(t) - 'created_at' - 'updated_at')::text AS line FROM user_sessions t"
		" UNION ALL SELECT 'view ' || (to_jsonb(t) - 'created_at')::text FROM page_views t"
		" UNION ALL SELECT 'event ' || to_jsonb(t)::text FROM user_events t"
		" UNION ALL SELECT 'attribution ' || (to_jsonb(t) - 'created_at')::text FROM session_attribution t"
		" UNION ALL SELECT 'person ' || (to_jsonb(t) - 'updated_at')::text FROM persons t"
		" UNION ALL SELECT 'alias ' || to_jsonb(t)::text FROM person_aliases t"
		" UNION ALL SELECT 'waiting ' || (to_jsonb(t) - 'received_at')::text FROM waiting_leaves t"
		" UNION ALL SELECT 'leave ' || to_jsonb(t)::text FROM session_leaves t"
		" UNION ALL SELECT 'quarantine ' || (to_jsonb(t) - 'quarantined_at' - 'id')::text FROM quarantine t) l");
	return strdup(text);
}

static void store_shuffled(Loading *world, RandomCase *random, const Case *made)
{
	Slice shuffled[2 * HITS_MAX];
	size_t count = 0;
	for (size_t at = 0; at < made->count; at++)
	{
		shuffled[count++] = made->payloads[at];
		if (random_case_below(random, 4) == 0)
			shuffled[count++] = made->payloads[at];
	}
	for (size_t at = count; at > 1; at--)
	{
		size_t other = random_case_below(random, at);
		Slice swapped = shuffled[at - 1];
		shuffled[at - 1] = shuffled[other];
		shuffled[other] = swapped;
	}
	for (size_t from = 0; from < count;)
	{
		size_t size = 1 + random_case_below(random, random_case_below(random, 2) == 0 ? 3 : count);
		if (size > count - from)
			size = count - from;
		loading_store_payloads(world, random_case_below(random, LOADING_LOADERS), shuffled + from, size);
		from += size;
	}
}

static void print_case(const Case *made)
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

static void any_order_gives_the_same_rows(void **state)
{
	Loading *world = *state;
	RandomCase random = random_case_begin("loader order");
	for (size_t at = 0; at < random_case_count(40); at++)
	{
		static Case made;
		case_make(&random, &made);
		loading_empty(world);
		loading_store_payloads(world, 0, made.payloads, made.count);
		char *wanted = world_dump(world);
		for (size_t round = 0; round < 3; round++)
		{
			loading_empty(world);
			store_shuffled(world, &random, &made);
			char *got = world_dump(world);
			if (strcmp(wanted, got) != 0)
			{
				print_case(&made);
				(void) fprintf(stderr, "── in one batch:\n%s\n── shuffled:\n%s\n", wanted, got);
				fail_msg("case %zu: another order gave other rows", at);
			}
			free(got);
		}
		free(wanted);
		arena_free(&made.arena);
	}
}

// ── A plain recount ──

typedef struct Counted {
	Uuid client_id; // nil where the client named no session
	int64_t person;
	int64_t started_ms;
	int64_t last_ms;
	int views;
	int events;
} Counted;

typedef struct Recount {
	const Case *made;
	int64_t person[HITS_MAX];
	Counted sessions[HITS_MAX];
	size_t count;
} Recount;

static int64_t recount_person(const Case *made, const Hit *hit)
{
	if (hit->user_id != HIT_NONE)
		return hit->user_id;
	const Hit *before = NULL;
	const Hit *first = NULL;
	for (size_t at = 0; at < made->count; at++)
	{
		const Hit *other = &made->hits[at];
		if (other->type != HIT_IDENTIFY || other->anonymous_id != hit->anonymous_id)
			continue;
		if (uuid_compare(other->id, hit->id) <= 0 && (before == NULL || uuid_compare(before->id, other->id) < 0))
			before = other;
		if (first == NULL || uuid_compare(other->id, first->id) < 0)
			first = other;
	}
	return before != NULL ? before->user_id : first != NULL ? first->user_id : hit->anonymous_id;
}

static bool is_row(const Hit *hit)
{
	return hit->type == HIT_PAGE || hit->type == HIT_EVENT;
}

static const Hit *view_of(const Case *made, const Hit *leave)
{
	for (size_t at = 0; at < made->count; at++)
	{
		if (made->hits[at].type == HIT_PAGE && uuid_compare(made->hits[at].id, leave->page_view_id) == 0)
			return &made->hits[at];
	}
	return NULL;
}

static int64_t client_part(const Hit *hit)
{
	int64_t age_ms = hit_time_ms(hit) - uuid7_time_ms(hit->session_id);
	return age_ms < 0 ? 0 : age_ms / SESSION_MAX_MS;
}

// Latest activity of a client's session's part: views and events, then leaves of its views as far as they reach.
static int64_t client_last_ms(const Case *made, const Hit *of)
{
	int64_t started_ms = uuid7_time_ms(of->session_id) + client_part(of) * SESSION_MAX_MS;
	int64_t last_ms = started_ms;
	for (size_t at = 0; at < made->count; at++)
	{
		const Hit *hit = &made->hits[at];
		if (is_row(hit) && uuid_compare(hit->session_id, of->session_id) == 0 && client_part(hit) == client_part(of)
			&& hit_time_ms(hit) > last_ms)
			last_ms = hit_time_ms(hit);
	}
	for (bool is_moving = true; is_moving;)
	{
		is_moving = false;
		for (size_t at = 0; at < made->count; at++)
		{
			const Hit *leave = &made->hits[at];
			const Hit *view = leave->type == HIT_LEAVE ? view_of(made, leave) : NULL;
			if (view == NULL || uuid_compare(view->session_id, of->session_id) != 0
				|| client_part(view) != client_part(of))
				continue;
			int64_t left_ms = hit_time_ms(leave);
			if (left_ms > started_ms + SESSION_MAX_MS)
				left_ms = started_ms + SESSION_MAX_MS;
			if (left_ms > last_ms && left_ms - last_ms <= TIMEOUT_MS)
			{
				last_ms = left_ms;
				is_moving = true;
			}
		}
	}
	return last_ms;
}

static Counted *counted_find(Recount *recount, Uuid client_id, int64_t person, int64_t started_ms)
{
	for (size_t at = 0; at < recount->count; at++)
	{
		const Counted *counted = &recount->sessions[at];
		if (uuid_compare(counted->client_id, client_id) == 0 && counted->person == person
			&& counted->started_ms == started_ms)
			return &recount->sessions[at];
	}
	return NULL;
}

static void recount_clients(Recount *recount)
{
	for (size_t at = 0; at < recount->made->count; at++)
	{
		const Hit *hit = &recount->made->hits[at];
		if (!is_row(hit) || uuid_is_nil(hit->session_id))
			continue;
		int64_t started_ms = uuid7_time_ms(hit->session_id) + client_part(hit) * SESSION_MAX_MS;
		Counted *counted = counted_find(recount, hit->session_id, recount->person[at], started_ms);
		if (counted == NULL)
		{
			counted = &recount->sessions[recount->count++];
			*counted = (Counted){.client_id = hit->session_id,
				.person = recount->person[at],
				.started_ms = started_ms,
				.last_ms = client_last_ms(recount->made, hit)};
		}
		counted->views += hit->type == HIT_PAGE;
		counted->events += hit->type == HIT_EVENT;
	}
}

typedef struct Moment {
	int64_t person;
	int64_t browser;
	int64_t time_ms;
	int64_t viewed_ms;
	bool is_leave;
	bool is_view;
} Moment;

static int moment_compare(const void *left, const void *right)
{
	const Moment *a = left;
	const Moment *b = right;
	int64_t keys_a[] = {a->person, a->browser, a->time_ms, a->is_leave};
	int64_t keys_b[] = {b->person, b->browser, b->time_ms, b->is_leave};
	for (size_t at = 0; at < 4; at++)
	{
		if (keys_a[at] != keys_b[at])
			return keys_a[at] < keys_b[at] ? -1 : 1;
	}
	return 0;
}

static size_t moments_make(const Recount *recount, Moment *moments)
{
	size_t count = 0;
	for (size_t at = 0; at < recount->made->count; at++)
	{
		const Hit *hit = &recount->made->hits[at];
		const Hit *view = hit->type == HIT_LEAVE ? view_of(recount->made, hit) : NULL;
		const Hit *row = is_row(hit) ? hit : view;
		if (row == NULL || !uuid_is_nil(row->session_id))
			continue;
		moments[count++] = (Moment){.person = recount->person[row - recount->made->hits],
			.browser = row->anonymous_id == HIT_NONE ? 0 : row->anonymous_id,
			.time_ms = hit_time_ms(hit),
			.viewed_ms = hit_time_ms(row),
			.is_leave = hit->type == HIT_LEAVE,
			.is_view = hit->type == HIT_PAGE};
	}
	qsort(moments, count, sizeof *moments, moment_compare);
	return count;
}

static void recount_streams(Recount *recount)
{
	Moment moments[HITS_MAX];
	size_t count = moments_make(recount, moments);
	int64_t run_ms = 0;
	int64_t active_ms = 0;
	Counted *session = NULL;
	for (size_t at = 0; at < count; at++)
	{
		const Moment *now = &moments[at];
		bool is_stream = at > 0 && moments[at - 1].person == now->person && moments[at - 1].browser == now->browser;
		if (!is_stream)
			session = NULL;
		bool is_near = session != NULL && now->time_ms - active_ms <= TIMEOUT_MS;
		if (now->is_leave)
		{
			if (!is_near || now->viewed_ms < run_ms)
				continue;
			active_ms = now->time_ms > active_ms ? now->time_ms : active_ms;
			int64_t end_ms = run_ms + ((session->started_ms - run_ms) / SESSION_MAX_MS + 1) * SESSION_MAX_MS;
			int64_t last_ms = now->time_ms < end_ms ? now->time_ms : end_ms;
			session->last_ms = last_ms > session->last_ms ? last_ms : session->last_ms;
			continue;
		}
		if (!is_near)
			run_ms = now->time_ms;
		if (!is_near || (now->time_ms - run_ms) / SESSION_MAX_MS != (session->started_ms - run_ms) / SESSION_MAX_MS)
		{
			session = &recount->sessions[recount->count++];
			*session = (Counted){.person = now->person, .started_ms = now->time_ms};
		}
		active_ms = now->time_ms;
		session->last_ms = now->time_ms;
		session->views += now->is_view;
		session->events += !now->is_view;
	}
}

static int counted_compare(const void *left, const void *right)
{
	const Counted *a = left;
	const Counted *b = right;
	int64_t keys_a[] = {a->person, a->started_ms, a->last_ms, a->views, a->events};
	int64_t keys_b[] = {b->person, b->started_ms, b->last_ms, b->views, b->events};
	for (size_t at = 0; at < 5; at++)
	{
		if (keys_a[at] != keys_b[at])
			return keys_a[at] < keys_b[at] ? -1 : 1;
	}
	return 0;
}

static void recount_make(const Case *made, Recount *recount)
{
	*recount = (Recount){.made = made};
	for (size_t at = 0; at < made->count; at++)
		recount->person[at] = is_row(&made->hits[at]) ? recount_person(made, &made->hits[at]) : 0;
	recount_clients(recount);
	recount_streams(recount);
	qsort(recount->sessions, recount->count, sizeof recount->sessions[0], counted_compare);
}

static void sessions_are_those_of_a_recount(void **state)
{
	Loading *world = *state;
	RandomCase random = random_case_begin("loader recount");
	for (size_t at = 0; at < random_case_count(60); at++)
	{
		static Case made;
		static Recount recount;
		char wanted[HITS_MAX * 120] = "";
		case_make(&random, &made);
		loading_empty(world);
		store_shuffled(world, &random, &made);
		recount_make(&made, &recount);
		for (size_t session = 0; session < recount.count; session++)
		{
			const Counted *counted = &recount.sessions[session];
			size_t used = strlen(wanted);
			(void) snprintf(wanted + used, sizeof wanted - used, "%lld %lld %lld %d %d\n", (long long) counted->person,
				(long long) (counted->started_ms - BEGIN_MS) / MINUTE_MS,
				(long long) (counted->last_ms - BEGIN_MS) / MINUTE_MS, counted->views, counted->events);
		}
		const char *got = test_postgres_value(world->look,
			"SELECT string_agg(format(E'%s %s %s %s %s\\n', person_id, m0, m1, views, events), '' ORDER BY person_id, "
			"m0, m1, views, events)"
			" FROM (SELECT person_id, (ts_ms(started_at) - 1773100800000) / 60000 AS m0, (ts_ms(last_activity_at) - "
			"1773100800000) / 60000 AS m1,"
			" (SELECT count(*) FROM page_views v WHERE v.session_id = s.id AND v.person_id = s.person_id) AS views,"
			" (SELECT count(*) FROM user_events e WHERE e.session_id = s.id AND e.person_id = s.person_id) AS events "
			"FROM user_sessions s) s");
		if (strcmp(wanted, got) != 0)
		{
			print_case(&made);
			(void) fprintf(stderr,
				"── recounted (person, start, last activity in min, views, events):\n%s── stored:\n%s", wanted, got);
			fail_msg("case %zu: the sessions are not those of a recount", at);
		}
		arena_free(&made.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_gives_the_same_rows),
		cmocka_unit_test(sessions_are_those_of_a_recount),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
