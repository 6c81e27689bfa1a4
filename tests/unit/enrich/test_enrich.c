#include "enrich/enrich.h"

#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// More than any name has.
#define LONG_WORDS                                                                                                     \
	"what somebody calls a thing when nobody has told them that a short word would do just as well as a whole long "   \
	"sentence, "

#define ROUNDS 20000

static char folder[64];
static Enricher *enricher;
static Arena arena;

static int set_up(void **state)
{
	(void) state;
	static const Slice denied[] = {{"*token*", 7}, {"*passw*", 7}, {"*secret*", 8}, {"email", 5}};
	static const Slice own[] = {{"Example.net", 11}};
	static const Slice keys[] = {{"*passw*", 7}};
	static const Settings settings = {.query_deny = {denied, sizeof denied / sizeof *denied},
		.property_deny = {keys, 1},
		.page_category_file = "",
		.own_hosts = {own, 1},
		.channel_rules_file = ""};
	Error error;
	(void) snprintf(folder, sizeof folder, "/tmp/sojourn-enrich-XXXXXX");
	arena_init(&arena, 16U << 20U);
	return mkdtemp(folder) != NULL && random_init(&error) && enricher_open(&settings, folder, &enricher, &error) ? 0
																												 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	char path[96];
	enricher_close(enricher);
	arena_free(&arena);
	(void) snprintf(path, sizeof path, "%s/person.key", folder);
	(void) unlink(path);
	return rmdir(folder);
}

static Hit enrich(HitType type, const EnrichInput *raw)
{
	Hit hit;
	Error error = {0};
	hit_init(&hit, type);
	if (!enrich_hit(enricher, raw, &arena, &hit, &error))
		fail_msg("%s", error.message);
	return hit;
}

static void assert_text(Slice text, const char *expected)
{
	if (!slice_equal_text(text, expected) || (text.data == NULL) != (expected == NULL))
		fail_msg("\"%.*s\" is not \"%s\"", SLICE_PRINT(text), expected == NULL ? "(not given)" : expected);
}

static void a_page_has_a_host_a_path_and_parameters(void **state)
{
	(void) state;
	static const struct {
		const char *url;
		const char *path;
		const char *search;
		const char *page_host;
		const char *page_url;
		const char *query_params;
	} cases[] = {
		{"https://App.Example.com:8443/a/b?x=1#f", NULL, NULL, "app.example.com", "/a/b", "{\"x\":\"1\"}"},
		{"https://www.example.com", NULL, NULL, "www.example.com", "/", NULL},
		{"https://example.com/a?token=1", NULL, NULL, "example.com", "/a", NULL},
		{"https://example.com/a?x=1", "/b", NULL, "example.com", "/b", "{\"x\":\"1\"}"},
		{"https://example.com/a?x=1", "/b", "?y=2", "example.com", "/b", "{\"y\":\"2\"}"},
		{"https://example.com/a?x=1", NULL, "?y=2#z", "example.com", "/a", "{\"y\":\"2\"}"},
		{NULL, "/b", "y=2", NULL, "/b", "{\"y\":\"2\"}"},
		{NULL, "//b", NULL, NULL, "//b", NULL},
		{NULL, NULL, NULL, NULL, "/", NULL},
		{"/relative?x=1#f", NULL, NULL, NULL, "/relative", "{\"x\":\"1\"}"},
		{"about:blank", NULL, NULL, NULL, "/", NULL},
		{"//user:secret@bad host/a", NULL, NULL, NULL, "/", NULL},
		{"https://user:secret@example.com/a", NULL, NULL, "example.com", "/a", NULL},
		{"https://example.com/shop;token=1;v=2/cart", NULL, NULL, "example.com", "/shop;v=2/cart", NULL},
		{"https://example.com/u/bob@example.com/edit", NULL, NULL, "example.com", "/u/…/edit", NULL},
		{"https://example.com/u/bob%2540example.com;v=2", NULL, NULL, "example.com", "/u/…;v=2", NULL},
		{"https://example.com/verify/eyJhbGciOiJ9.eyJzdWIiOiJ9.c2ln", NULL, NULL, "example.com", "/verify/…", NULL},
		{"https://example.com/token/8f14e45f-ceea-467a-9575-6a6b2c1d2e3f/x", NULL, NULL, "example.com", "/token/…/x",
			NULL},
		{"https://example.com/passwords/how-to-choose-one-in-2026", NULL, NULL, "example.com",
			"/passwords/how-to-choose-one-in-2026", NULL},
		{"https://example.com/order/8f14e45f-ceea-467a-9575-6a6b2c1d2e3f", NULL, NULL, "example.com",
			"/order/8f14e45f-ceea-467a-9575-6a6b2c1d2e3f", NULL},
		{"https://example.com/k/ghp_16C7e42F292c6912E7710c838347Ae178B4a", NULL, NULL, "example.com", "/k/…", NULL},
		{"https://example.com/a;to=bob@example.com/@bob/v1.2%20b", NULL, NULL, "example.com", "/a/@bob/v1.2%20b", NULL},
		{"https://example.com/\xFF", NULL, NULL, "example.com", "/\xEF\xBF\xBD", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		EnrichInput raw = {.page_url = slice_from(cases[i].url),
			.page_path = slice_from(cases[i].path),
			.page_search = slice_from(cases[i].search)};
		Hit hit = enrich(HIT_PAGE, &raw);
		assert_text(hit.page_host, cases[i].page_host);
		assert_text(hit.page_url, cases[i].page_url);
		assert_text(hit.query_params, cases[i].query_params);
	}
}

static void a_host_that_is_none_is_not_taken(void **state)
{
	(void) state;
	static const char *const hosts[] = {"a@b", "a/b", "a b", "[::1", "a:80", ""};
	EnrichInput raw = {.page_url = SLICE_LITERAL("https://example.com/")};
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
	{
		raw.page_host = slice_from(hosts[i]);
		assert_text(enrich(HIT_PAGE, &raw).page_host, "example.com");
	}
	raw.page_host = SLICE_LITERAL("[2001:DB8::1]");
	assert_text(enrich(HIT_PAGE, &raw).page_host, "[2001:db8::1]");
	raw.page_host = SLICE_LITERAL("Shop.example.org");
	assert_text(enrich(HIT_PAGE, &raw).page_host, "shop.example.org");
}

static void an_event_without_a_page_has_none(void **state)
{
	(void) state;
	EnrichInput raw = {.page_title = SLICE_LITERAL("  ")};
	Hit hit = enrich(HIT_EVENT, &raw);
	assert_text(hit.page_url, NULL);
	assert_text(hit.page_title, NULL);
}

static void a_referrer_is_of_the_site_or_of_another(void **state)
{
	(void) state;
	static const struct {
		const char *url;
		const char *own_host;
		const char *referrer;
		const char *internal;
		const char *external;
		const char *domain;
	} cases[] = {
		{"https://example.com/b", NULL, "https://example.com/a?x=1#f", "/a", NULL, NULL},
		{"https://www.example.com/b", NULL, "http://example.com:8080", "/", NULL, NULL},
		{"https://example.com/b", NULL, "/a?token=1", "/a", NULL, NULL},
		{"https://example.com/b", NULL, "https://www.Google.com/search?q=secret+thing#f", NULL,
			"https://www.google.com/search", "google.com"},
		{"https://example.com/b", NULL, "https://app.example.com/", NULL, "https://app.example.com/",
			"app.example.com"},
		{"https://example.com/b", NULL, "https://t.co", NULL, "https://t.co/", "t.co"},
		{"https://example.com/b", NULL, "http://u:p@other.org:81/a;secret=1;b", NULL, "http://other.org:81/a;b",
			"other.org"},
		{"https://example.com/b", NULL, "https://mail.org/u/bob@example.net/inbox", NULL, "https://mail.org/",
			"mail.org"},
		{"https://example.com/b", NULL, "android-app://com.slack/", NULL, "android-app://com.slack/", "com.slack"},
		{"https://example.com/b", NULL, "about:blank", NULL, NULL, NULL},
		{"https://example.com/b", NULL, "javascript://x/y", NULL, NULL, NULL},
		{"https://example.com/b", NULL, "file:///home/bob/x.html", NULL, NULL, NULL},
		{"https://example.com/b", NULL, "-", NULL, NULL, NULL},
		{"/b", NULL, "https://example.com/a", NULL, "https://example.com/a", "example.com"},
		{"/b", "www.example.com", "https://example.com/a", "/a", NULL, NULL},
		{"https://example.com/b", "other.org", "https://other.org/a", NULL, "https://other.org/a", "other.org"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		EnrichInput raw = {.page_url = slice_from(cases[i].url),
			.own_host = slice_from(cases[i].own_host),
			.referrer = slice_from(cases[i].referrer)};
		Hit hit = enrich(HIT_PAGE, &raw);
		assert_text(hit.referrer, cases[i].internal);
		assert_text(hit.external_referrer, cases[i].external);
		assert_text(hit.referrer_domain, cases[i].domain);
	}
}

static void an_arrival_has_a_category_and_a_channel(void **state)
{
	(void) state;
	static const struct {
		const char *url;
		const char *referrer;
		const char *category;
		const char *term;
		const char *type;
		const char *channel;
	} cases[] = {
		{"https://example.com/b", NULL, "direct", NULL, "direct", "Direct"},
		{"https://example.com/b", "https://example.com/a", "internal", NULL, "direct", "Direct"},
		{"https://example.com/b", "https://www.google.com/search?q=shoes", "search", "shoes", "organic",
			"Organic Search"},
		{"https://example.com/b?utm_source=google", NULL, "direct", NULL, "organic", "Organic Search"},
		{"https://example.com/b?utm_source=y&utm_medium=cpc", "https://www.bing.com/", "search", NULL, "paid",
			"Paid Other"},
		{"https://example.com/b?MTM_source=fb&mtm_medium=paid", NULL, "direct", NULL, "paid", "Paid Social"},
		{"https://example.com/b?gclid=G", "https://example.com/", "internal", NULL, "paid", "Paid Search"},
		{"https://example.com/b", "https://shop.example.net/a", "internal", NULL, "direct", "Direct"}, // own_hosts
		{"https://example.com/b", "https://m.youtube.com/", "social", NULL, "organic", "Organic Video"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		EnrichInput raw = {.page_url = slice_from(cases[i].url), .referrer = slice_from(cases[i].referrer)};
		Hit hit = enrich(i % 2 == 0 ? HIT_PAGE : HIT_EVENT, &raw);
		assert_text(hit.referrer_category, cases[i].category);
		assert_text(hit.search_term, cases[i].term);
		assert_text(hit.channel_type, cases[i].type);
		assert_text(hit.channel_subtype, cases[i].channel);
	}
	EnrichInput raw = {.page_url = SLICE_LITERAL("https://example.com/b?utm_source=google")};
	assert_text(enrich(HIT_LEAVE, &raw).channel_type, NULL);
}

static void campaigns_come_from_the_context_before_the_url(void **state)
{
	(void) state;
	EnrichInput raw = {
		.page_url =
			SLICE_LITERAL("https://example.com/?utm_source=news&UTM_Medium=email+letter&utm_campaign=bob@mail.org"
						  "&utm_term=t&utm_content=&gclid=G1"),
		.campaign_source = SLICE_LITERAL("newsletter"),
		.campaign_name = SLICE_LITERAL("ann@mail.org"),
	};
	Hit hit = enrich(HIT_PAGE, &raw);
	assert_text(hit.utm_source, "newsletter");
	assert_text(hit.utm_medium, "email letter");
	assert_text(hit.utm_campaign, NULL);
	assert_text(hit.utm_term, "t");
	assert_text(hit.utm_content, NULL);
	assert_text(hit.click_id_type, "gclid");
	assert_text(hit.click_id, "G1");
	assert_text(hit.query_params,
		"{\"utm_source\":\"news\",\"UTM_Medium\":\"email letter\",\"utm_term\":\"t\","
		"\"utm_content\":\"\",\"gclid\":\"G1\"}");
}

static void who_is_told_by_numbers(void **state)
{
	(void) state;
	EnrichInput raw = {.user_id = SLICE_LITERAL("42"), .anonymous_id = SLICE_LITERAL("a")};
	Hit hit = enrich(HIT_PAGE, &raw);
	assert_int_equal(hit.user_id, 42);
	assert_text(hit.external_id, NULL);
	assert_true(hit.anonymous_id < 0);
	assert_int_equal(hit.previous_id, HIT_NONE);
	int64_t browser = hit.anonymous_id;
	raw = (EnrichInput){.user_id = SLICE_LITERAL("bob"), .previous_id = SLICE_LITERAL("a")};
	hit = enrich(HIT_IDENTIFY, &raw);
	assert_true(hit.user_id >= INT64_C(1) << 62);
	assert_text(hit.external_id, "bob");
	assert_int_equal(hit.anonymous_id, HIT_NONE);
	assert_int_equal(hit.previous_id, browser);
	raw = (EnrichInput){.ip = SLICE_LITERAL("192.0.2.1"), .user_agent = SLICE_LITERAL("A")};
	assert_int_equal(enrich(HIT_PAGE, &raw).anonymous_id, HIT_NONE);
	raw.is_log_line = true;
	assert_true(enrich(HIT_PAGE, &raw).anonymous_id < 0);
}

static void prefetches_and_robots_are_of_a_kind(void **state)
{
	(void) state;
	EnrichInput raw = {
		.user_agent = SLICE_LITERAL("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0")};
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, NULL);
	raw.sec_purpose = SLICE_LITERAL("prefetch;prerender");
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, "prefetch");
	raw.sec_purpose = SLICE_NONE;
	raw.x_moz = SLICE_LITERAL("Prefetch");
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, "prefetch");
	raw.x_moz = SLICE_LITERAL("else");
	raw.x_purpose = SLICE_LITERAL("preview");
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, "prefetch");
	raw.user_agent = SLICE_LITERAL("curl/8.0");
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, "curl");
	raw = (EnrichInput){.user_agent = SLICE_LITERAL("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.0.0 Safari/537.36"),
		.is_webdriver = true};
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, "webdriver");
	assert_text(enrich(HIT_PAGE, &raw).device_type, NULL);
	raw.hints.brands = SLICE_LITERAL("\"HeadlessChrome\";v=\"120\"");
	assert_text(enrich(HIT_LEAVE, &raw).robot_kind, "HeadlessChrome");
	raw = (EnrichInput){.user_agent = SLICE_LITERAL("")};
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, NULL);
	raw.is_log_line = true;
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, "no user agent");
	raw.user_agent = SLICE_NONE; // a log that does not write user agents
	assert_text(enrich(HIT_PAGE, &raw).robot_kind, NULL);
}

static void views_and_events_tell_browser_system_and_device(void **state)
{
	(void) state;
	EnrichInput raw = {.user_agent = SLICE_LITERAL(
						   " Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
						   "Chrome/120.0.0.0 Safari/537.36"),
		.hints = {.brands = SLICE_LITERAL("\"Vend\xFFor\";v=\"7\""),
			.platform = SLICE_LITERAL("\"Windows\""),
			.platform_version = SLICE_LITERAL("\"15.0.0\"")}};
	static const HitType types[] = {HIT_PAGE, HIT_EVENT};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
	{
		Hit hit = enrich(types[i], &raw);
		assert_text(hit.device_type, "desktop");
		assert_text(hit.browser, "Vend\xEF\xBF\xBDor");
		assert_text(hit.browser_version, "7");
		assert_text(hit.os, "Windows");
		assert_text(hit.os_version, "11");
	}
	assert_text(enrich(HIT_LEAVE, &raw).device_type, NULL);
	raw = (EnrichInput){.user_agent = SLICE_LITERAL("analytics-node-next/3.1.0")};
	Hit hit = enrich(HIT_EVENT, &raw);
	assert_text(hit.device_type, "unknown");
	assert_text(hit.browser, NULL);
	assert_text(hit.os, NULL);
	raw = (EnrichInput){0};
	assert_text(enrich(HIT_PAGE, &raw).device_type, "unknown");
}

static void urls_in_properties_lose_their_secrets(void **state)
{
	(void) state;
	static const struct {
		const char *given;
		const char *kept;
	} cases[] = {
		{"{\"a\":1}", "{\"a\":1}"},
		{"{\"q\":\"Is it? Yes = no\",\"at\":\"a@b\"}", "{\"q\":\"Is it? Yes = no\",\"at\":\"a@b\"}"},
		{"{\"email\":\"bob@example.com\"}", "{\"email\":\"bob@example.com\"}"}, // said on purpose
		{"{\"u\":\"https://example.com/a?b=1&token=x&c=%20#top\"}", "{\"u\":\"https://example.com/a?b=1&c=%20#top\"}"},
		{"{\"u\":[{\"v\":\"/a?%74oken=x\"}]}", "{\"u\":[{\"v\":\"/a\"}]}"},
		{"{\"u\":\"?token=x&b\"}", "{\"u\":\"?b\"}"},
		{"{\"u\":\"//bob:pw@example.com/a@b\"}", "{\"u\":\"//example.com/a@b\"}"},
		{"{\"u\":\"/a//b@c?d\",\"v\":\"x://b@c\"}", "{\"u\":\"/a//b@c?d\",\"v\":\"x://c\"}"},
		{"{\"u\":\"https://example.com/a;token=x;view=1/b\"}", "{\"u\":\"https://example.com/a;view=1/b\"}"},
		{"{\"u\":\"/a;token=x\",\"v\":\"no; token=x\"}", "{\"u\":\"/a\",\"v\":\"no; token=x\"}"},
		{"{\"u\":\"https://example.com/v/eyJhbGciOiJ9.eyJzdWIiOiJ9.c2ln\"}", "{\"u\":\"https://example.com/v/…\"}"},
		{"{\"a\":1,\"password\":\"x\",\"b\":[{\"user.Passwd\":{\"c\":1},\"d\":2}]}", "{\"a\":1,\"b\":[{\"d\":2}]}"},
		{"{\"pass\\\"word\":1,\"\\\"password\":2,\"p\":\"\\\"password\\\":\"}",
			"{\"pass\\\"word\":1,\"p\":\"\\\"password\\\":\"}"},
		{"{\"password\":1}", NULL},
		{"{\"" LONG_WORDS "password of mine\":1,\"" LONG_WORDS "\":2}", "{\"" LONG_WORDS "\":2}"},
		{"{\"u\":\"https://example.com/token/8f14e45f-ceea-467a-9575-6a6b2c1d2e3f\",\"v\":\"/a/b\"}",
			"{\"u\":\"https://example.com/token/…\",\"v\":\"/a/b\"}"},
		{"{\"u\":\"read /token/8f14e45f-ceea-467a-9575-6a6b2c1d2e3f\"}",
			"{\"u\":\"read /token/8f14e45f-ceea-467a-9575-6a6b2c1d2e3f\"}"},
		{"{\"u\":\"https://example.com/#access_token=x\"}", "{\"u\":\"https://example.com/\"}"},
		{"{\"u\":\"https://example.com/?to=bob%40example.com\"}", "{\"u\":\"https://example.com/\"}"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Hit hit;
		Error error = {0};
		const EnrichInput raw = {0};
		hit_init(&hit, HIT_EVENT);
		hit.metadata = slice_from(cases[i].given);
		hit.traits = hit.metadata;
		hit.event_label = SLICE_LITERAL("https://example.com/a?token=x");
		assert_true(enrich_hit(enricher, &raw, &arena, &hit, &error));
		assert_text(hit.metadata, cases[i].kept);
		assert_text(hit.traits, cases[i].kept);
		assert_text(hit.event_label, "https://example.com/a");
	}
}

static void words_that_are_urls_lose_their_secrets(void **state)
{
	(void) state;
	Hit hit;
	Error error = {0};
	const EnrichInput raw = {.page_title = SLICE_LITERAL("https://example.com/a?token=x")};
	hit_init(&hit, HIT_EVENT);
	Slice *const texts[] = {&hit.page_title, &hit.page_category, &hit.event_type, &hit.event_category,
		&hit.event_action, &hit.event_label, &hit.element_id, &hit.element_class, &hit.element_text};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = raw.page_title;
	hit.element_selector = SLICE_LITERAL("nav > a[href=\"/reset?token=x\"]");
	assert_true(enrich_hit(enricher, &raw, &arena, &hit, &error));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_text(*texts[i], "https://example.com/a");
	assert_text(hit.element_selector, NULL);
	hit.event_action = SLICE_LITERAL("?token=x");
	hit.element_selector = SLICE_LITERAL("form input[type=\"password\"]:hover");
	assert_true(enrich_hit(enricher, &raw, &arena, &hit, &error));
	assert_text(hit.event_action, "?");
	assert_text(hit.element_selector, "form input[type=\"password\"]:hover");
}

static void texts_end_within_their_limits(void **state)
{
	(void) state;
	static char path[5000];
	memset(path, 'p', sizeof path);
	path[0] = '/';
	EnrichInput raw = {.page_path = {path, sizeof path}, .user_agent = {path, sizeof path}};
	Hit hit = enrich(HIT_PAGE, &raw);
	assert_int_equal(hit.page_url.size, 1000);
	assert_int_equal(hit.user_agent.size, 500);
}

static void a_full_arena_is_an_error(void **state)
{
	(void) state;
	Arena small;
	Hit hit;
	Error error = {0};
	EnrichInput raw = {.page_url = SLICE_LITERAL("https://example.com/?a=1"),
		.referrer = SLICE_LITERAL("https://t.co/")};
	for (size_t size = 0; size < 64; size++)
	{
		arena_init(&small, size);
		hit_init(&hit, HIT_PAGE);
		assert_false(enrich_hit(enricher, &raw, &small, &hit, &error));
		assert_int_equal(error.code, ERROR_MEMORY);
		arena_free(&small);
	}
}

// ── Any bytes ──

// Random text out of pieces that mean something to the code, and bytes that mean nothing.
static Slice random_text(void)
{
	static const char *const pieces[] = {"https://", "http://", "//", "/", "?", "&", "=", "#", "%", "%25", "%3d", "%26",
		"%00", "%ff", ";", ":", "@", ".", "token", "Token", "pass", "word", "email", "secret", "bob", "example.com",
		"www.", "CFNetwork/1", "Chrome/1", "Android", "\";v=\"", "utm_source", "gclid", "eyJ", "[", "]", "\"", "+", " ",
		"a", "1", "\xC3\xBC", "\xFF", "\x80", "\x01", "%74oken"};
	size_t size = 0;
	char text[400];
	int count = rand() % 24;
	for (int i = 0; i < count && size < sizeof text - 20; i++)
	{
		const char *piece = pieces[(size_t) rand() % (sizeof pieces / sizeof *pieces)];
		memcpy(text + size, piece, strlen(piece));
		size += strlen(piece);
		if (rand() % 16 == 0)
			text[size++] = (char) rand();
	}
	return arena_copy(&arena, (Slice){text, size});
}

static bool has_denied_word(Slice text)
{
	static const char *const words[] = {"token", "passw", "secret"};
	for (size_t i = 0; i < text.size; i++)
		for (size_t word = 0; word < sizeof words / sizeof *words; word++)
			if (slice_equal_ignoring_case(slice_sub(text, i, i + strlen(words[word])), slice_from(words[word])))
				return true;
	return false;
}

static void assert_no_denied_name(Slice json)
{
	JsonValue *object;
	Error error = {0};
	if (json.data == NULL)
		return;
	if (!json_parse(json, &arena, &object, &error))
		fail_msg("%.*s: %s", SLICE_PRINT(json), error.message);
	for (const JsonValue *value = object->first; value != NULL; value = value->next)
	{
		if (has_denied_word(value->key) || slice_equal_text(value->key, "email"))
			fail_msg("a denied name in %.*s", SLICE_PRINT(json));
		size_t at = slice_find(value->text, '=', 0);
		if (at < value->text.size && at >= 5 && has_denied_word(slice_sub(value->text, at - 5, at)))
			fail_msg("a denied name within a value of %.*s", SLICE_PRINT(json));
		if (memmem(value->text.data, value->text.size, "b@example.com", 13) != NULL)
			fail_msg("an address of mail in %.*s", SLICE_PRINT(json));
	}
}

static void assert_texts_are_clean(const Hit *hit)
{
#define X(tag, name, size_max)                                                                                         \
	if (!utf8_is_valid(hit->name) || slice_find(hit->name, '\0', 0) != hit->name.size || hit->name.size > (size_max))  \
		fail_msg("%s is not clean: %.*s", #name, SLICE_PRINT(hit->name));
	HIT_TEXT_FIELDS(X)
#undef X
}

static void any_bytes_end_clean_and_free_of_denied_names(void **state)
{
	(void) state;
	srand(7);
	for (int round = 0; round < ROUNDS; round++)
	{
		arena_reset(&arena);
		EnrichInput raw = {
			.user_id = random_text(),
			.anonymous_id = random_text(),
			.page_url = random_text(),
			.page_path = rand() % 2 == 0 ? SLICE_NONE : random_text(),
			.page_search = rand() % 2 == 0 ? SLICE_NONE : random_text(),
			.page_title = random_text(),
			.referrer = random_text(),
			.user_agent = random_text(),
			.campaign_source = rand() % 2 == 0 ? SLICE_NONE : random_text(),
			.sec_purpose = random_text(),
			.hints = {.brands = random_text(), .platform = random_text(), .platform_version = random_text()},
		};
		Hit hit = enrich(HIT_PAGE, &raw);
		assert_texts_are_clean(&hit);
		assert_no_denied_name(hit.query_params);
		assert_int_equal(*hit.page_url.data, '/');
		assert_int_equal(slice_find(hit.external_referrer, '?', 0), hit.external_referrer.size);
		size_t authority = slice_find(hit.external_referrer, ':', 0) + 3;
		assert_true(slice_find(hit.external_referrer, '@', 0) >= slice_find(hit.external_referrer, '/', authority));
		assert_int_equal(slice_find(hit.page_url, '?', 0), hit.page_url.size);
		assert_int_equal(slice_find(hit.page_url, '#', 0), hit.page_url.size);
		assert_int_equal(slice_find(hit.referrer, '?', 0), hit.referrer.size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_has_a_host_a_path_and_parameters),
		cmocka_unit_test(a_host_that_is_none_is_not_taken),
		cmocka_unit_test(an_event_without_a_page_has_none),
		cmocka_unit_test(a_referrer_is_of_the_site_or_of_another),
		cmocka_unit_test(an_arrival_has_a_category_and_a_channel),
		cmocka_unit_test(campaigns_come_from_the_context_before_the_url),
		cmocka_unit_test(who_is_told_by_numbers),
		cmocka_unit_test(prefetches_and_robots_are_of_a_kind),
		cmocka_unit_test(views_and_events_tell_browser_system_and_device),
		cmocka_unit_test(urls_in_properties_lose_their_secrets),
		cmocka_unit_test(words_that_are_urls_lose_their_secrets),
		cmocka_unit_test(texts_end_within_their_limits),
		cmocka_unit_test(a_full_arena_is_an_error),
		cmocka_unit_test(any_bytes_end_clean_and_free_of_denied_names),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
