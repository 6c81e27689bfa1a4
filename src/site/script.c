#include "site/script.h"

#include "base/clock.h"
#include "base/compress.h"
#include "base/hash.h"
#include "base/json.h"
#include "web/web.h"

#include <inttypes.h>

#define CONFIG_SIZE_MAX ((size_t) 64 * 1024)
#define SCRIPT_SIZE_MAX ((size_t) 1024 * 1024)

static const Slice place = {"__SOJOURN_CONFIG__", 18}; // stands where an object belongs
static const Slice extension = {".js", 3};
static const Slice built_stem = {"/tracker", 8};

static Slice stem_of(Slice path)
{
	return slice_ends_with(path, extension) ? slice_sub(path, 0, path.size - extension.size) : path;
}

// Globs as one regular expression of a browser's, without what holds it to the whole name; so the script need not do it.
static void expression_write(const SettingList *globs, Buf *json)
{
	buf_append_byte(json, '"');
	for (size_t at = 0; at < globs->count; at++)
	{
		if (at > 0)
			buf_append_byte(json, '|');
		for (size_t i = 0; i < globs->items[at].size; i++)
		{
			char byte = globs->items[at].data[i];
			if (byte == '*')
				buf_append_text(json, ".*");
			else if (byte == '?')
				buf_append_byte(json, '.');
			else if (byte == '"' || byte == '\\' || (unsigned char) byte < 0x20)
				buf_append_format(json, "\\\\x%02x", (unsigned) (unsigned char) byte);
			else
			{
				if (memchr("^$.|+()[]{}/", byte, 12) != NULL)
					buf_append_text(json, "\\\\");
				buf_append_byte(json, byte);
			}
		}
	}
	buf_append_byte(json, '"');
}

void script_config_write(const Settings *settings, Buf *json)
{
	buf_append_text(json, "{\"endpoint\":");
	json_write_string(json, slice_from(settings->collect_path));
	buf_append_text(json, ",\"global\":");
	json_write_string(json, slice_from(settings->tracker_global));
	// What is not said is a no.
	if (settings->consent_mode == CONSENT_OPT_IN)
		buf_append_text(json, ",\"consent\":\"opt-in\"");
	if (settings->respect_dnt)
		buf_append_text(json, ",\"dnt\":true");
	buf_append_format(json, ",\"timeout\":%" PRId64 ",\"deny\":", settings->session_timeout_minutes * CLOCK_MINUTE_MS);
	expression_write(&settings->query_deny, json);
	buf_append_byte(json, '}');
}

static size_t place_find(Slice text, size_t from)
{
	for (size_t at = slice_find(text, place.data[0], from); at < text.size;
		 at = slice_find(text, place.data[0], at + 1))
	{
		if (slice_starts_with(slice_sub(text, at, text.size), place))
			return at;
	}
	return text.size;
}

static bool script_fill(Script *script, Slice built, Slice config, Error *error)
{
	size_t at = place_find(built, 0);
	if (at == built.size || place_find(built, at + place.size) < built.size)
		return error_set(error, ERROR_CORRUPT, "The built script \"%.*s\" does not have one place for the settings.",
			SLICE_PRINT(script->variant));
	buf_append_slice(&script->plain, slice_sub(built, 0, at));
	buf_append_slice(&script->plain, config);
	buf_append_slice(&script->plain, slice_sub(built, at + place.size, built.size));
	if (!buf_is_ok(&script->plain))
		return error_set(error, ERROR_MEMORY, "No memory for the browser's script.");
	char hash[HASH_HEX_SIZE];
	hash_sha256_hex(buf_slice(&script->plain), hash);
	memcpy(script->hash, hash, SCRIPT_HASH_SIZE - 1);
	return compress_gzip(buf_slice(&script->plain), &script->gzip, error);
}

static bool scripts_fill(Scripts *scripts, Slice config, Error *error)
{
	for (const WebFile *file = tracker_files; file->path != NULL; file++)
	{
		Slice variant = slice_sub(stem_of(slice_from(file->path)), built_stem.size + 1, SIZE_MAX);
		if (scripts->count == SCRIPT_VARIANTS_MAX)
			return error_set(error, ERROR_CORRUPT, "More variants of the script were built than are foreseen.");
		Script *script = &scripts->items[scripts->count++];
		script->variant = variant;
		buf_init(&script->plain, SCRIPT_SIZE_MAX);
		buf_init(&script->gzip, SCRIPT_SIZE_MAX);
		if (!script_fill(script, (Slice){(const char *) file->data, file->size}, config, error))
			return false;
	}
	return true;
}

bool scripts_make(const Settings *settings, Scripts *scripts, Error *error)
{
	Buf config;
	buf_init(&config, CONFIG_SIZE_MAX);
	*scripts = (Scripts){.count = 0};
	script_config_write(settings, &config);
	bool is_ok =
		buf_is_ok(&config) || error_set(error, ERROR_MEMORY, "No memory for the settings of the browser's script.");
	is_ok = is_ok && scripts_fill(scripts, buf_slice(&config), error);
	buf_free(&config);
	if (!is_ok)
		scripts_free(scripts);
	return is_ok;
}

void scripts_free(Scripts *scripts)
{
	for (size_t at = 0; at < scripts->count; at++)
	{
		buf_free(&scripts->items[at].plain);
		buf_free(&scripts->items[at].gzip);
	}
	scripts->count = 0;
}

static const Script *variant_find(const Scripts *scripts, Slice variant)
{
	for (size_t at = 0; at < scripts->count; at++)
	{
		if (slice_equal(scripts->items[at].variant, variant))
			return &scripts->items[at];
	}
	return NULL;
}

static bool is_hash(Slice word)
{
	if (word.size != SCRIPT_HASH_SIZE - 1)
		return false;
	for (size_t at = 0; at < word.size; at++)
	{
		if (slice_find(SLICE_LITERAL("0123456789abcdef"), word.data[at], 0) == 16)
			return false;
	}
	return true;
}

const Script *scripts_find(const Scripts *scripts, Slice tracker_path, Slice path, bool *is_named)
{
	Slice stem = stem_of(tracker_path);
	*is_named = false;
	if (!slice_starts_with(path, stem) || slice_ends_with(path, extension) != slice_ends_with(tracker_path, extension))
		return NULL;
	Slice words = slice_sub(stem_of(path), stem.size, SIZE_MAX); // "", ".core", ".HASH", ".core.HASH"
	if (words.size == 0)
		return variant_find(scripts, SLICE_LITERAL(""));
	Slice hash = SLICE_NONE;
	if (slice_split(words, '.', &words).size > 0)
		return NULL;
	Slice variant = slice_split(words, '.', &hash);
	if (hash.data == NULL && is_hash(variant))
	{
		hash = variant;
		variant = SLICE_LITERAL("");
	}
	else if (variant.size == 0 || (hash.data != NULL && !is_hash(hash)))
		return NULL;
	const Script *script = variant_find(scripts, variant);
	*is_named = script != NULL && hash.data != NULL && slice_equal_text(hash, script->hash);
	return script;
}
