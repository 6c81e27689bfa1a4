#include "enrich/token.h"

#include <string.h>

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
			return true;
	return false;
}

static bool is_signed_token(Slice text, size_t from, size_t size)
{
	return size >= 8 && slice_starts_with(slice_sub(text, from, text.size), SLICE_LITERAL("eyJ"))
		&& slice_starts_with(slice_sub(text, from + size, text.size), SLICE_LITERAL(".eyJ"));
}

bool token_is_known(Slice text)
{
	for (size_t from = 0; from < text.size; from++)
	{
		size_t size = word_size(text, from);
		if (is_key(slice_sub(text, from, from + size)) || is_signed_token(text, from, size))
			return true;
		from += size;
	}
	return false;
}

static int class_of(char byte)
{
	return is_digit(byte) ? 1 : is_lower(byte) ? 2 : is_upper(byte) ? 3 : 0;
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

bool token_is_random(Slice text, size_t mixed_least, size_t hex_least)
{
	if (text.size < mixed_least && text.size < hex_least)
		return false;
	return (text.size >= hex_least && is_hexadecimal(text))
		|| (text.size >= mixed_least && !is_hexadecimal(text) && is_mixed(text));
}
