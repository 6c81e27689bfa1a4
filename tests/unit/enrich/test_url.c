#include "enrich/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void print_url(const Url *url, char *text, size_t size)
{
	(void) snprintf(text, size, "%.*s|%.*s|%.*s|%.*s|%.*s", SLICE_PRINT(url->scheme), SLICE_PRINT(url->host),
		SLICE_PRINT(url->port), SLICE_PRINT(url->path), SLICE_PRINT(url->query));
}

static void urls_are_taken_apart(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		const char *parts; // NULL: no URL
	} cases[] = {
		{"https://example.com/a/b?c=1&d#e", "https|example.com||/a/b|c=1&d"},
		{"https://example.com", "https|example.com|||"},
		{"https://example.com?x=1", "https|example.com|||x=1"},
		{"https://example.com#x?y", "https|example.com|||"},
		{"http://example.com:8080/a", "http|example.com|8080|/a|"},
		{"http://example.com:/a", "http|example.com||/a|"},
		{"http://user:secret@example.com/a", "http|example.com||/a|"},
		{"http://user@mail.org:secret@example.com/a", "http|example.com||/a|"},
		{"http://example.com./a", "http|example.com||/a|"},
		{"http://example.com../a", "http|example.com||/a|"},
		{"//example.com/a", "|example.com||/a|"},
		{"http://[2001:db8::1]:80/a", "http|[2001:db8::1]|80|/a|"},
		{"android-app://com.google.android.gm/", "android-app|com.google.android.gm||/|"},
		{"  https://example.com/a  ", "https|example.com||/a|"},
		{"file:///etc/passwd", "file|||/etc/passwd|"},
		{"https://b\xC3\xBC"
		 "cher.example/a",
			"https|b\xC3\xBC"
			"cher.example||/a|"},
		{"http://example.com:80x/a", NULL},
		{"http://example.com:123456/a", NULL},
		{"http://exa mple.com/a", NULL},
		{"http://exa\"mple.com/a", NULL},
		{"http://[::1/a", NULL},
		{"http://[]/a", NULL},
		{"about:blank", NULL},
		{"mailto:a@example.com", NULL},
		{"/a/b", NULL},
		{"example.com/a", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Url url;
		char parts[256];
		bool is_url = url_split(slice_from(cases[i].text), &url);
		print_url(&url, parts, sizeof parts);
		if (is_url != (cases[i].parts != NULL))
			fail_msg("%s is %s: %s", cases[i].text, is_url ? "a URL" : "no URL", parts);
		if (is_url)
			assert_string_equal(parts, cases[i].parts);
	}
}

static void references_keep_two_slashes_as_a_path(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		const char *parts;
	} cases[] = {
		{"/a?b#c", "|||/a|b"},
		{"//index.html?x", "|||//index.html|x"},
		{"/a#b?c", "|||/a|"},
		{"?b=1", "||||b=1"},
		{"a/b?c", "||||c"},
		{"/http://example.com/?x", "|||/http://example.com/|x"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
	{
		Url url;
		char parts[256];
		url_split_reference(slice_from(cases[i].text), &url);
		print_url(&url, parts, sizeof parts);
		assert_string_equal(parts, cases[i].parts);
	}
}

static void hosts_are_compared_without_www_and_case(void **state)
{
	(void) state;
	Arena arena;
	arena_init(&arena, 4096);
	assert_true(slice_equal_text(url_host_bare(SLICE_LITERAL("WWW.Example.COM"), &arena), "example.com"));
	assert_true(slice_equal_text(url_host_bare(SLICE_LITERAL("wwwexample.com"), &arena), "wwwexample.com"));
	assert_true(slice_equal_text(url_host_bare(SLICE_LITERAL("www."), &arena), "www."));
	assert_true(slice_equal_text(url_host_bare(SLICE_NONE, &arena), ""));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_are_taken_apart),
		cmocka_unit_test(references_keep_two_slashes_as_a_path),
		cmocka_unit_test(hosts_are_compared_without_www_and_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
