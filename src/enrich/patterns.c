#include "enrich/patterns.h"

#include "base/memory.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#define MATCH_LIMIT 100000U
#define WORD_BITS 64U
// Literals are found by their first three bytes.
#define KEY_SIZE 3
#define KEY_SLOTS ((size_t) 4096) // power of two
#define NO_LITERAL UINT16_MAX

typedef struct Literal {
	Slice text;
	uint16_t pattern;
	uint16_t next; // with the same key; NO_LITERAL ends
} Literal;

struct Patterns {
	const DataPattern *rows;
	size_t count;
	size_t word_count;
	pcre2_code **codes;
	bool *is_tried; // compiled to machine code the first time it is tried: most never are
	Literal *literals;
	size_t literal_count;
	uint16_t keys[KEY_SLOTS]; // first literal
	uint64_t *untold;         // bit sets of patterns: those without literals,
	uint64_t *candidates;     // and those to be tried on the text at hand
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char) (byte - 'A' + 'a') : byte;
}

static size_t key_slot(const char *bytes)
{
	uint32_t key = (uint32_t) (unsigned char) bytes[0] | (uint32_t) (unsigned char) bytes[1] << 8U
		| (uint32_t) (unsigned char) bytes[2] << 16U;
	return (key * 2654435761U) >> 20U & (KEY_SLOTS - 1);
}

static void bit_set(uint64_t *bits, size_t at)
{
	bits[at / WORD_BITS] |= UINT64_C(1) << at % WORD_BITS;
}

// ── Opening ──

static size_t literals_count(const DataPattern *rows)
{
	size_t count = 0;
	for (const DataPattern *row = rows; row->pattern != NULL; row++)
		for (const char *text = row->literals; text != NULL && *text != '\0'; text += strlen(text) + 1)
			count++;
	return count;
}

static void literals_add(Patterns *patterns, size_t pattern)
{
	const char *text = patterns->rows[pattern].literals;
	if (text == NULL)
		bit_set(patterns->untold, pattern);
	for (; text != NULL && *text != '\0'; text += strlen(text) + 1)
	{
		uint16_t *first = &patterns->keys[key_slot(text)];
		patterns->literals[patterns->literal_count] =
			(Literal){.text = slice_from(text), .pattern = (uint16_t) pattern, .next = *first};
		*first = (uint16_t) patterns->literal_count++;
	}
}

static bool codes_compile(Patterns *patterns, Error *error)
{
	for (size_t i = 0; i < patterns->count; i++)
	{
		int code = 0;
		PCRE2_SIZE offset = 0;
		const char *pattern = patterns->rows[i].pattern;
		patterns->codes[i] = pcre2_compile((PCRE2_SPTR) pattern, PCRE2_ZERO_TERMINATED, 0, &code, &offset, NULL);
		if (patterns->codes[i] == NULL)
			return error_set(error, ERROR_MEMORY, "the pattern \"%s\" does not compile (PCRE2 error %d at byte %zu)",
				pattern, code, (size_t) offset);
	}
	return true;
}

static bool memory_take(Patterns *patterns)
{
	patterns->codes = memory_allocate_zeroed(patterns->count + 1, sizeof *patterns->codes);
	patterns->is_tried = memory_allocate_zeroed(patterns->count + 1, sizeof *patterns->is_tried);
	patterns->literals = memory_allocate_zeroed(literals_count(patterns->rows) + 1, sizeof *patterns->literals);
	patterns->untold = memory_allocate_zeroed(patterns->word_count, sizeof *patterns->untold);
	patterns->candidates = memory_allocate_zeroed(patterns->word_count, sizeof *patterns->candidates);
	patterns->match = pcre2_match_data_create(PATTERN_GROUPS, NULL);
	patterns->limits = pcre2_match_context_create(NULL);
	return patterns->codes != NULL && patterns->is_tried != NULL && patterns->literals != NULL
		&& patterns->untold != NULL && patterns->candidates != NULL && patterns->match != NULL
		&& patterns->limits != NULL;
}

bool patterns_open(const DataPattern *rows, Patterns **patterns, Error *error)
{
	Patterns *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the patterns of user agents");
	opened->rows = rows;
	while (rows[opened->count].pattern != NULL)
		opened->count++;
	opened->word_count = opened->count / WORD_BITS + 1;
	bool is_ok = memory_take(opened) || error_set(error, ERROR_MEMORY, "no memory for the patterns of user agents");
	if (!is_ok || !codes_compile(opened, error))
	{
		patterns_close(opened);
		return false;
	}
	(void) pcre2_set_match_limit(opened->limits, MATCH_LIMIT);
	for (size_t slot = 0; slot < KEY_SLOTS; slot++)
		opened->keys[slot] = NO_LITERAL;
	for (size_t i = 0; i < opened->count; i++)
		literals_add(opened, i);
	*patterns = opened;
	return true;
}

void patterns_close(Patterns *patterns)
{
	if (patterns == NULL)
		return;
	for (size_t i = 0; patterns->codes != NULL && i < patterns->count; i++)
		pcre2_code_free(patterns->codes[i]);
	memory_free(patterns->codes);
	memory_free(patterns->is_tried);
	memory_free(patterns->literals);
	memory_free(patterns->untold);
	memory_free(patterns->candidates);
	pcre2_match_data_free(patterns->match);
	pcre2_match_context_free(patterns->limits);
	memory_free(patterns);
}

// ── Finding ──

static void candidates_mark(const Patterns *patterns, Slice text)
{
	char lowered[PATTERN_TEXT_SIZE_MAX];
	for (size_t i = 0; i < text.size; i++)
		lowered[i] = lower(text.data[i]);
	memcpy(patterns->candidates, patterns->untold, patterns->word_count * sizeof *patterns->untold);
	for (size_t from = 0; from + KEY_SIZE <= text.size; from++)
	{
		size_t left = text.size - from;
		for (uint16_t at = patterns->keys[key_slot(lowered + from)]; at != NO_LITERAL; at = patterns->literals[at].next)
		{
			const Literal *literal = &patterns->literals[at];
			if (literal->text.size <= left && memcmp(literal->text.data, lowered + from, literal->text.size) == 0)
				bit_set(patterns->candidates, literal->pattern);
		}
	}
}

static bool pattern_matches(const Patterns *patterns, size_t at, Slice text, PatternMatch *match)
{
	// Where the machine has no JIT, matching works too, only slower.
	if (!patterns->is_tried[at])
		(void) pcre2_jit_compile(patterns->codes[at], PCRE2_JIT_COMPLETE);
	patterns->is_tried[at] = true;
	int found =
		pcre2_match(patterns->codes[at], (PCRE2_SPTR) text.data, text.size, 0, 0, patterns->match, patterns->limits);
	if (found < 0)
		return false;
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(patterns->match);
	size_t count = found == 0 ? PATTERN_GROUPS : (size_t) found; // 0: there are more
	*match = (PatternMatch){.row = &patterns->rows[at]};
	for (size_t group = 0; group < count; group++)
		if (ends[2 * group] != PCRE2_UNSET && ends[2 * group] <= ends[2 * group + 1])
			match->groups[group] = slice_sub(text, ends[2 * group], ends[2 * group + 1]);
	return true;
}

bool patterns_find(Patterns *patterns, Slice text, PatternMatch *match)
{
	text = slice_sub(text, 0, PATTERN_TEXT_SIZE_MAX);
	if (text.size == 0)
		return false;
	candidates_mark(patterns, text);
	for (size_t word = 0; word < patterns->word_count; word++)
		for (uint64_t bits = patterns->candidates[word]; bits != 0; bits &= bits - 1)
			if (pattern_matches(patterns, word * WORD_BITS + (size_t) __builtin_ctzll(bits), text, match))
				return true;
	return false;
}
