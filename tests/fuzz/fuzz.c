#include "tests/fuzz/fuzz.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/random.h"
#include "base/utf8.h"
#include "config/settings_load.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_SIZE_MAX ((size_t) 64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Arena arena = {.size_max = ARENA_SIZE_MAX};
	arena_reset(&arena);
	fuzz_one(size == 0 ? SLICE_LITERAL("") : (Slice){(const char *) data, size}, &arena);
	return 0;
}

bool fuzz_is_inside(Slice part, Slice whole)
{
	return part.data == NULL ? part.size == 0
							 : part.data >= whole.data && part.data + part.size <= whole.data + whole.size;
}

bool fuzz_is_text(Slice text)
{
	return utf8_is_valid(text) && slice_find(text, '\0', 0) == text.size;
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_letter_or_digit(char byte)
{
	return is_letter(byte) || (byte >= '0' && byte <= '9');
}

bool fuzz_has_mail_address(Slice text)
{
	for (size_t at = slice_find(text, '@', 0); at < text.size; at = slice_find(text, '@', at + 1))
	{
		size_t end = at + 1;
		while (end < text.size && is_letter_or_digit(text.data[end]))
			end++;
		if (at > 0 && is_letter_or_digit(text.data[at - 1]) && end > at + 1 && end + 2 < text.size
			&& text.data[end] == '.' && is_letter(text.data[end + 1]) && is_letter(text.data[end + 2]))
			return true;
	}
	return false;
}

bool fuzz_is_secret_name(Slice name)
{
	static const Slice words[] = {{"token", 5}, {"passw", 5}, {"secret", 6}, {"email", 5}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t at = 0; at + words[i].size <= name.size; at++)
			if (slice_equal_ignoring_case(slice_sub(name, at, at + words[i].size), words[i]))
				return true;
	return false;
}

Slice fuzz_address(Slice input, char text[FUZZ_ADDRESS_SIZE])
{
	Hash128 hash = hash_128(input);
	size_t size = 0;
	for (size_t i = 0; i < sizeof hash.bytes; i += 2)
		size += (size_t) snprintf(text + size, FUZZ_ADDRESS_SIZE - size, "%s%02x%02x", i == 0 ? "" : ":",
			hash.bytes[i] | 0x10U, hash.bytes[i + 1]);
	return (Slice){text, size};
}

const Settings *fuzz_settings(void)
{
	static Arena arena = {.size_max = ARENA_SIZE_MAX};
	static Settings settings;
	static bool is_loaded;
	Error error;
	if (!is_loaded && !settings_load(&(SettingsSources){0}, &arena, &settings, &error))
	{
		(void) fprintf(stderr, "fuzz: %s\n", error.message);
		abort();
	}
	is_loaded = true;
	return &settings;
}

static char keys_folder[] = "/tmp/sojourn-fuzz-XXXXXX";

static int file_remove(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void) status;
	(void) type;
	(void) place;
	return remove(path);
}

static void keys_remove(void)
{
	(void) nftw(keys_folder, file_remove, 8, FTW_DEPTH | FTW_PHYS);
}

const Enricher *fuzz_enricher(void)
{
	static Enricher *enricher;
	Error error;
	if (enricher != NULL)
		return enricher;
	if (!random_init(&error) || mkdtemp(keys_folder) == NULL || atexit(keys_remove) != 0
		|| !enricher_open(fuzz_settings(), keys_folder, &enricher, &error))
		abort();
	return enricher;
}

static void json_check(Slice text, Arena *arena)
{
	JsonValue *value = NULL;
	Error error;
	assert(text.data == NULL || json_parse(text, arena, &value, &error));
	assert(text.data == NULL || json_is_object(value));
}

void fuzz_check_hit(const Hit *hit, Slice address, Arena *arena)
{
	Hit decoded;
	Error error;
	Buf encoded;
	Buf again;
#define X(tag, name, most)                                                                                             \
	assert(hit->name.size <= (most) && ((tag) == 105 || (tag) == 106 || fuzz_is_text(hit->name)));
	HIT_TEXT_FIELDS(X)
#undef X
#define X(tag, name) json_check(hit->name, arena);
	HIT_JSON_FIELDS(X)
#undef X
	buf_init(&encoded, (size_t) 1 << 20U);
	buf_init(&again, (size_t) 1 << 20U);
	hit_encode(hit, &encoded);
	assert(buf_is_ok(&encoded) && memmem(encoded.data, encoded.size, address.data, address.size) == NULL);
	if (!uuid_is_nil(hit->id))
	{
		bool is_decoded = hit_decode(buf_slice(&encoded), &decoded, &error);
		assert(is_decoded);
		hit_encode(&decoded, &again);
		assert(slice_equal(buf_slice(&encoded), buf_slice(&again)));
	}
	buf_free(&encoded);
	buf_free(&again);
}
