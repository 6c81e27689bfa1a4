#include "enrich/token.h"

#include <string.h>

#define SIGNED_TOKEN_SIZE_LEAST 8
#define KEY_SIZE_LEAST 20
#define SHORT_PREFIX_SIZE 3                     // words may begin so too
static const char key_beginnings[] = "Adgnrsx"; // of the makes below

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_upper(char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool is_lower(char byte)
{
	return byte >= 'a' && byte <= 'z';
}

static int class_of(char byte)
{
	return is_digit(byte) ? 1 : is_lower(byte) ? 2 : is_upper(byte) ? 3 : 0;
}

static bool is_word(char byte)
{
	return is_upper(byte) || is_lower(byte) || is_digit(byte) || byte == '_' || byte == '-';
}

static size_t word_size(Slice text, size_t from)
{
	size_t end = from;
	while (end < text.size && is_word(text.data[end]))
		end++;
	return end - from;
}

static bool is_hexadecimal(Slice text)
{
	size_t digits = 0;
	for (size_t i = 0; i < text.size; i++)
	{
		char byte = text.data[i];
		bool is_letter = (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
		if (!is_digit(byte) && !is_letter && byte != '-')
			return false;
		digits += is_digit(byte);
	}
	return digits > 0;
}

// Neighbours of random letters and digits are of another class in half of all cases, those within words hardly ever.
static bool is_mixed(Slice text)
{
	size_t digits = 0;
	size_t letters = 0;
	size_t pairs = 0;
	size_t changes = 0;
	for (size_t i = 0; i < text.size; i++)
	{
		int class = class_of(text.data[i]);
		int before = i == 0 ? 0 : class_of(text.data[i - 1]);
		if (class == 0 && strchr("_-+/=~", text.data[i]) == NULL)
			return false;
		digits += class == 1;
		letters += class > 1;
		pairs += class != 0 && before != 0;
		changes += class != 0 && before != 0 && class != before;
	}
	return digits >= 2 && letters >= 2 && changes * 4 >= pairs;
}

// At the front of a word, with at least so many more characters of it behind.
static bool is_key(Slice word)
{
	static const struct {
		Slice prefix;
		size_t least;
	} makes[] = {{{"sk_live_", 8}, 16}, {{"sk_test_", 8}, 16}, {{"rk_live_", 8}, 16}, {{"sk-", 3}, 32},
		{{"ghp_", 4}, 30}, {{"gho_", 4}, 30}, {{"ghu_", 4}, 30}, {{"ghs_", 4}, 30}, {{"ghr_", 4}, 30},
		{{"github_pat_", 11}, 20}, {{"glpat-", 6}, 20}, {{"xoxb-", 5}, 20}, {{"xoxp-", 5}, 20}, {{"xoxa-", 5}, 20},
		{{"xoxs-", 5}, 20}, {{"AKIA", 4}, 16}, {{"ASIA", 4}, 16}, {{"AIza", 4}, 35}, {{"npm_", 4}, 36},
		{{"shpat_", 6}, 32}, {{"dop_v1_", 7}, 40}};
	for (size_t i = 0; i < sizeof makes / sizeof *makes; i++)
		if (word.size >= makes[i].prefix.size + makes[i].least && slice_starts_with(word, makes[i].prefix))
			return makes[i].prefix.size > SHORT_PREFIX_SIZE
				|| is_mixed(slice_sub(word, makes[i].prefix.size, word.size));
	return false;
}

// Two parts that begin as base64 of '{"', with a dot between.
static bool has_signed_token(Slice text)
{
	Slice rest = text;
	for (;;)
	{
		const char *start = rest.size < SIGNED_TOKEN_SIZE_LEAST ? NULL : memmem(rest.data, rest.size, "eyJ", 3);
		if (start == NULL)
			return false;
		rest = slice_sub(rest, (size_t) (start - rest.data) + 3, rest.size);
		size_t end = word_size(rest, 0);
		if (slice_starts_with(slice_sub(rest, end, rest.size), SLICE_LITERAL(".eyJ")))
			return true;
	}
}

bool token_is_known(Slice text)
{
	bool is_begin = true; // of a run of letters and digits
	for (size_t at = 0; at + KEY_SIZE_LEAST <= text.size; at++)
	{
		if (is_begin && memchr(key_beginnings, text.data[at], sizeof key_beginnings - 1) != NULL
			&& is_key(slice_sub(text, at, at + word_size(text, at))))
			return true;
		is_begin = class_of(text.data[at]) == 0;
	}
	return has_signed_token(text);
}

bool token_is_random(Slice text, size_t mixed_least, size_t hex_least)
{
	if (text.size < mixed_least && text.size < hex_least)
		return false;
	return (text.size >= hex_least && is_hexadecimal(text))
		|| (text.size >= mixed_least && !is_hexadecimal(text) && is_mixed(text));
}
