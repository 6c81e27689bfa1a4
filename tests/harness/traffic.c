#include "harness/traffic.h"

#include "base/clock.h"
#include "base/hash.h"
#include "hit/hit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define BROWSERS 60
#define PERSONS 25
#define VIEWS_MAX 14
#define HITS_A_SESSION_MAX (VIEWS_MAX * 5 + 4)
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct Making {
	RandomCase *random;
	const TrafficOptions *options;
	Traffic *traffic;
	size_t capacity;
	uint64_t number; // of the last hit: makes ids differ
} Making;

// One visit while it is made.
typedef struct Visit {
	int64_t browser;
	int64_t person; // HIT_NONE: not signed in
	Uuid session;   // nil: the hits bring none
	int64_t time_ms;
	int64_t sequence;
} Visit;

static size_t below(Making *making, size_t bound)
{
	return random_case_below(making->random, bound);
}

static bool one_in(Making *making, size_t bound)
{
	return below(making, bound) == 0;
}

static Uuid id_make(Making *making, int64_t time_ms)
{
	Hash128 hash = hash_128((Slice){(const char *) &making->number, sizeof making->number});
	making->number++;
	return uuid7_from_hash(time_ms, hash);
}

static Slice pick(Making *making, const char *const *texts, size_t count)
{
	return slice_from(texts[below(making, count)]);
}

static void hit_add(Making *making, const Hit *hit)
{
	Traffic *traffic = making->traffic;
	Buf buf;
	buf_init(&buf, HIT_ENCODED_SIZE_MAX);
	hit_encode(hit, &buf);
	assert_true(buf_is_ok(&buf) && traffic->count < making->capacity);
	traffic->payloads[traffic->count] = arena_copy(&traffic->arena, buf_slice(&buf));
	assert_non_null(traffic->payloads[traffic->count].data);
	traffic->count++;
	buf_free(&buf);
}

// What a browser says of itself is the same all its life; some say nothing.
static void device_describe(const Visit *visit, Hit *hit)
{
	static const char *const devices[] = {"desktop", "mobile", "tablet", "unknown"};
	static const char *const browsers[] = {"Firefox", "Chromium", "Safari"};
	static const char *const systems[] = {"Linux", "iOS", "Windows", "Android"};
	static const char *const zones[] = {"America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"};
	static const char *const countries[] = {"US", "NP", "AU", "AT"};
	size_t which = (size_t) -visit->browser;
	hit->source = SLICE_LITERAL("web");
	if (which % 7 == 0)
		return;
	hit->device_type = slice_from(devices[which % COUNT_OF(devices)]);
	hit->browser = slice_from(browsers[which % COUNT_OF(browsers)]);
	hit->browser_version = which % 2 == 0 ? SLICE_LITERAL("128") : SLICE_LITERAL("129.1");
	hit->os = slice_from(systems[which % COUNT_OF(systems)]);
	hit->os_version = SLICE_LITERAL("11");
	hit->screen_resolution = which % 3 == 0 ? SLICE_LITERAL("390x844") : SLICE_LITERAL("1920x1080");
	hit->timezone = slice_from(zones[which % COUNT_OF(zones)]);
	hit->locale = which % 2 == 0 ? SLICE_LITERAL("en") : SLICE_LITERAL("de-AT");
	hit->country = slice_from(countries[which % COUNT_OF(countries)]);
	hit->region = which % 5 == 0 ? SLICE_NONE : SLICE_LITERAL("Somewhere");
}

static void arrival_describe(Making *making, Hit *hit)
{
	static const char *const sources[] = {"newsletter", "google", "Google", "partner"};
	static const char *const channels[] = {"Direct", "Email", "Paid Search", "Referral", "Organic Social"};
	if (one_in(making, 2))
	{
		hit->utm_source = pick(making, sources, COUNT_OF(sources));
		hit->utm_medium = one_in(making, 2) ? SLICE_LITERAL("email") : SLICE_LITERAL("cpc");
		hit->utm_campaign = one_in(making, 2) ? SLICE_NONE : SLICE_LITERAL("autumn");
		hit->utm_term = one_in(making, 4) ? SLICE_LITERAL("chemistry") : SLICE_NONE;
		hit->utm_content = one_in(making, 4) ? SLICE_LITERAL("header") : SLICE_NONE;
	}
	if (one_in(making, 3))
	{
		hit->referrer_domain = SLICE_LITERAL("example.net");
		hit->referrer_category = SLICE_LITERAL("search");
	}
	hit->channel_subtype = pick(making, channels, COUNT_OF(channels));
	hit->channel_type = one_in(making, 2) ? SLICE_LITERAL("organic") : SLICE_LITERAL("paid");
}

static void page_describe(Making *making, Hit *hit)
{
	static const char *const pages[] = {"/", "/finder", "/profile", "/profile/edit", "/collections", "/jobs", "/a,b\"c",
		"/ü"};
	static const char *const categories[] = {"Finder", "Profile", "Collections"};
	hit->page_host = one_in(making, 4) ? SLICE_LITERAL("app.example.org") : SLICE_LITERAL("www.example.org");
	if (one_in(making, 10)) // addresses that somebody makes up
		hit->page_url = arena_format(&making->traffic->arena, "/made-up/%zu", below(making, 400));
	else
		hit->page_url = pick(making, pages, COUNT_OF(pages));
	hit->page_category = one_in(making, 3) ? SLICE_NONE : pick(making, categories, COUNT_OF(categories));
}

static void who_says(const Visit *visit, Hit *hit)
{
	hit->anonymous_id = visit->browser;
	hit->user_id = visit->person;
	hit->session_id = visit->session;
}

static void event_make(Making *making, Visit *visit, Uuid view)
{
	static const char *const types[] = {"click", "search", "form_submit"};
	static const char *const actions[] = {"Search", "Create", "Open"};
	Hit hit;
	hit_init(&hit, HIT_EVENT);
	visit->time_ms += (int64_t) below(making, 5000);
	hit.id = id_make(making, visit->time_ms);
	who_says(visit, &hit);
	device_describe(visit, &hit);
	arrival_describe(making, &hit);
	hit.page_view_id = view;
	hit.event_type = pick(making, types, COUNT_OF(types));
	hit.event_category = one_in(making, 3) ? SLICE_LITERAL("Conversion")
		: one_in(making, 2)                ? SLICE_NONE
										   : SLICE_LITERAL("Finder");
	hit.event_action = one_in(making, 4) ? SLICE_NONE : pick(making, actions, COUNT_OF(actions));
	if (one_in(making, 2))
		hit.event_value = arena_format(&making->traffic->arena, "%zu.%02zu", below(making, 100), below(making, 100));
	hit_add(making, &hit);
}

static void leave_make(Making *making, const Visit *visit, Uuid view)
{
	Hit hit;
	hit_init(&hit, HIT_LEAVE);
	hit.id = id_make(making, visit->time_ms + (one_in(making, 12) ? (int64_t) below(making, 40) * CLOCK_MINUTE_MS : 0));
	hit.page_view_id = view;
	hit.visible_ms = (int64_t) below(making, 90000);
	hit.scroll_percent = (int64_t) below(making, 101);
	hit.clicks = (int64_t) below(making, 6);
	hit.interactions = (int64_t) below(making, 4);
	hit.is_session_end = one_in(making, 15) ? 1 : HIT_NONE;
	hit_add(making, &hit);
}

static void view_make(Making *making, Visit *visit)
{
	Hit hit;
	hit_init(&hit, HIT_PAGE);
	hit.id = id_make(making, visit->time_ms);
	who_says(visit, &hit);
	device_describe(visit, &hit);
	arrival_describe(making, &hit);
	page_describe(making, &hit);
	if (!uuid_is_nil(visit->session))
	{
		hit.sequence = visit->sequence;
		visit->sequence += !one_in(making, 10); // two tabs may count the same
	}
	hit.load_ms = one_in(making, 3) ? HIT_NONE : (int64_t) below(making, 4000);
	hit_add(making, &hit);
	while (one_in(making, 3))
		event_make(making, visit, hit.id);
	// Gaps of whole seconds too, so that a session of exactly 30 or 600 s is not rare.
	static const int64_t gaps[] = {0, 1, 29, 30, 100, 400, 600};
	visit->time_ms +=
		one_in(making, 2) ? gaps[below(making, COUNT_OF(gaps))] * CLOCK_SECOND_MS : (int64_t) below(making, 300000);
	if (!one_in(making, 3))
		leave_make(making, visit, hit.id);
}

static void sign_in_make(Making *making, Visit *visit)
{
	Hit hit;
	hit_init(&hit, HIT_IDENTIFY);
	visit->person = 1 + (int64_t) below(making, PERSONS);
	hit.id = id_make(making, visit->time_ms);
	hit.anonymous_id = visit->browser;
	hit.user_id = visit->person;
	hit_add(making, &hit);
}

static int64_t start_pick(Making *making)
{
	const TrafficOptions *options = making->options;
	if (options->busy_count > 0 && one_in(making, 3))
		return options->busy_ms[below(making, options->busy_count)] - 30 * CLOCK_MINUTE_MS
			+ (int64_t) below(making, (size_t) CLOCK_HOUR_MS);
	if (one_in(making, 30)) // goes on still
		return making->traffic->end_ms - (int64_t) below(making, (size_t) CLOCK_HOUR_MS);
	return options->begin_ms + (int64_t) below(making, (size_t) options->days * (size_t) CLOCK_DAY_MS);
}

static void visit_make(Making *making)
{
	Visit visit = {.browser = -1 - (int64_t) below(making, BROWSERS), .person = HIT_NONE, .sequence = 1};
	visit.time_ms = start_pick(making);
	if (one_in(making, 4))
		visit.person = 1 + (int64_t) below(making, PERSONS);
	if (!one_in(making, 4))
		visit.session = id_make(making, visit.time_ms);
	size_t views = one_in(making, 3) ? 1 : 1 + below(making, one_in(making, 8) ? VIEWS_MAX : 6);
	for (size_t view = 0; view < views; view++)
	{
		// A third of the browsers stays without a name; on some two people meet in one session.
		if (visit.browser % 3 != 0 && one_in(making, 25))
			sign_in_make(making, &visit);
		view_make(making, &visit);
		if (one_in(making, 60))
			visit.time_ms += (int64_t) below(making, 20 * (size_t) CLOCK_HOUR_MS); // a tab is left open
	}
	while (one_in(making, 15))
		event_make(making, &visit, (Uuid){{0}});
}

void traffic_make(RandomCase *random, const TrafficOptions *options, Traffic *traffic)
{
	Making making = {.random = random,
		.options = options,
		.traffic = traffic,
		.capacity = options->sessions * HITS_A_SESSION_MAX};
	*traffic = (Traffic){.end_ms = options->begin_ms + options->days * CLOCK_DAY_MS};
	arena_init(&traffic->arena, (size_t) 256 << 20U);
	traffic->payloads = ARENA_ARRAY(&traffic->arena, Slice, making.capacity);
	assert_non_null(traffic->payloads);
	for (size_t at = 0; at < options->sessions; at++)
		visit_make(&making);
}

void traffic_free(Traffic *traffic)
{
	arena_free(&traffic->arena);
}

static int64_t payload_time_ms(Slice payload)
{
	Hit hit;
	Error error = {0};
	assert_true(hit_decode(payload, &hit, &error));
	return hit_time_ms(&hit);
}

typedef struct Delivery {
	Slice payload;
	int64_t arrives_ms;
} Delivery;

static int delivery_compare(const void *left, const void *right)
{
	const Delivery *a = left;
	const Delivery *b = right;
	return (a->arrives_ms > b->arrives_ms) - (a->arrives_ms < b->arrives_ms);
}

Slice *traffic_deliver(RandomCase *random, Traffic *traffic, size_t *count)
{
	Delivery *deliveries = ARENA_ARRAY(&traffic->arena, Delivery, 2 * traffic->count + 1);
	Slice *payloads = ARENA_ARRAY(&traffic->arena, Slice, 2 * traffic->count + 1);
	size_t all = 0;
	assert_true(deliveries != NULL && payloads != NULL);
	for (size_t at = 0; at < traffic->count; at++)
	{
		do
		{
			int64_t late_ms = random_case_below(random, 20) == 0
				? (int64_t) random_case_below(random, (size_t) (6 * CLOCK_DAY_MS))
				: (int64_t) random_case_below(random, 3000);
			deliveries[all++] = (Delivery){traffic->payloads[at], payload_time_ms(traffic->payloads[at]) + late_ms};
		} while (all < at + traffic->count && random_case_below(random, 10) == 0);
	}
	qsort(deliveries, all, sizeof *deliveries, delivery_compare);
	for (size_t at = 0; at < all; at++)
		payloads[at] = deliveries[at].payload;
	*count = all;
	return payloads;
}
