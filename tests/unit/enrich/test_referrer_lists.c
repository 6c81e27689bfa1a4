// Every address of three public lists, of AI assistants, social networks and search engines, is classified as its list says.
// The lists lie beside the source tree, not in it.
#include "base/file.h"
#include "enrich/referrer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *folder;
static Arena arena;

static int set_up(void **state)
{
	(void) state;
	arena_init(&arena, 4U << 20U);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	arena_free(&arena);
	return 0;
}

static bool list_read(const char *name, Slice *text)
{
	Error error = {0};
	Slice path = arena_format(&arena, "%s/%s", folder, name);
	if (file_read(path.data, 1U << 20U, &arena, text, &error))
		return true;
	if (error.code != ERROR_NOT_FOUND)
		fail_msg("%s", error.message);
	return false;
}

// The next address of a list, as an item of YAML: "- x", below "urls:" where it stands deeper than `indent`.
static bool address_next(Slice *rest, bool *is_urls, Slice *address)
{
	while (rest->size > 0)
	{
		Slice line = slice_split(*rest, '\n', rest);
		Slice text = slice_trim(line);
		if (slice_starts_with(text, SLICE_LITERAL("- urls:")))
			*is_urls = true;
		else if (text.size > 1 && text.data[text.size - 1] == ':')
			*is_urls = slice_equal_text(text, "urls:") || *line.data != ' ';
		if (!*is_urls || !slice_starts_with(text, SLICE_LITERAL("- ")) || text.data[text.size - 1] == ':')
			continue;
		*address = slice_trim(slice_sub(text, 2, text.size));
		if (address->size > 1 && *address->data == '\'')
			*address = slice_sub(*address, 1, address->size - 1);
		return true;
	}
	return false;
}

// "{}" stands for a country: as a top-level domain, or as a label before.
static Slice filled(Slice address, const char *top_level, const char *label)
{
	const char *hole = memmem(address.data, address.size, "{}", 2);
	if (hole == NULL)
		return address;
	size_t at = (size_t) (hole - address.data);
	Slice behind = slice_sub(address, at + 2, address.size);
	bool is_last = behind.size == 0 || *behind.data == '/';
	return arena_format(&arena, "%.*s%s%.*s", (int) at, address.data, is_last ? top_level : label, SLICE_PRINT(behind));
}

static const char *category_of(Slice address)
{
	Slice app = SLICE_LITERAL("android-app//");
	if (slice_starts_with(address, app))
		address = slice_sub(address, app.size, address.size);
	size_t slash = slice_find(address, '/', 0);
	const DataReferrer *found = referrer_find(slice_sub(address, 0, slash), slice_sub(address, slash, address.size));
	return found == NULL ? "nothing" : found->category;
}

// What the list of engines names, too, and is rather something else.
static bool is_of_another_list(Slice address)
{
	static const char *const others[] = {"chat.openai.com", "chatgpt.com", "www.perplexity.ai", "you.com",
		"www.facebook.com"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (slice_equal_text(address, others[i]))
			return true;
	return false;
}

static void addresses_check(const char *name, const char *category, int least)
{
	static const char *const countries[][2] = {{"de", "de"}, {"co.uk", "uk"}, {"com.br", "br"}, {"com", "us"}};
	Slice text;
	Slice address;
	bool is_urls = false;
	int count = 0;
	if (!list_read(name, &text))
	{
		print_message("%s/%s is not there\n", folder, name);
		skip();
	}
	while (address_next(&text, &is_urls, &address))
	{
		count++;
		if (strcmp(category, "search") == 0 && is_of_another_list(address))
			continue;
		for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
		{
			Slice one = filled(address, countries[i][0], countries[i][1]);
			const char *found = category_of(one);
			if (strcmp(found, category) != 0)
				fail_msg("%.*s of %s is %s, not %s", SLICE_PRINT(one), name, found, category);
		}
	}
	if (count < least)
		fail_msg("only %d addresses were found in %s", count, name);
}

static void ai_assistants_are_ai(void **state)
{
	(void) state;
	addresses_check("AIAssistants.yml", "ai", 25);
}

static void social_networks_are_social(void **state)
{
	(void) state;
	addresses_check("Socials.yml", "social", 218);
}

static void search_engines_are_search(void **state)
{
	(void) state;
	addresses_check("SearchEngines.yml", "search", 664);
}

int main(int count, char **arguments)
{
	if (count != 2)
		return 2;
	folder = arguments[1];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ai_assistants_are_ai),
		cmocka_unit_test(social_networks_are_social),
		cmocka_unit_test(search_engines_are_search),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
