#include "base/json.h"

#include "base/json_keys.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#define NODES_AT_ONCE 32
#define WORKSPACE_SIZE 2048

typedef struct Frame {
	JsonValue *container;
	JsonValue *last;
	JsonKeySet keys;
} Frame;

// yajl does not check its allocations, so what it may ask for is set aside before it starts: its own small structures fit
// the workspace; the one thing that grows is where it unescapes strings, never larger than `reserve`.
typedef struct Parser {
	Arena *arena;
	Error *error;
	bool is_error_set;
	char *text; // our copy, which the strings of the tree point into
	size_t text_size;
	char *string_end; // behind the last string's closing quote
	JsonValue *root;
	Slice key;
	JsonValue *nodes;
	size_t nodes_left;
	unsigned depth;
	Frame frames[JSON_DEPTH_MAX];
	char *reserve;
	size_t reserve_size;
	size_t workspace_used;
	alignas(max_align_t) char workspace[WORKSPACE_SIZE];
} Parser;

typedef struct BlockHead {
	alignas(max_align_t) size_t size;
} BlockHead;

static void *yajl_allocate(void *context, size_t size)
{
	Parser *parser = context;
	size_t total = sizeof(BlockHead) + (size + sizeof(BlockHead) - 1) / sizeof(BlockHead) * sizeof(BlockHead);
	BlockHead *head = NULL;
	if (total <= WORKSPACE_SIZE - parser->workspace_used)
	{
		head = (BlockHead *) (void *) (parser->workspace + parser->workspace_used);
		parser->workspace_used += total;
	}
	else if (total <= parser->reserve_size)
	{
		head = (BlockHead *) (void *) parser->reserve;
		size = parser->reserve_size - sizeof *head;
		parser->reserve_size = 0;
	}
	else
		head = arena_allocate(parser->arena, total);
	assert(head != NULL);
	head->size = size;
	return head + 1;
}

static void *yajl_resize(void *context, void *block, size_t size)
{
	if (block == NULL)
		return yajl_allocate(context, size);
	BlockHead *head = (BlockHead *) block - 1;
	if (size <= head->size)
		return block;
	void *larger = yajl_allocate(context, size);
	memcpy(larger, block, head->size);
	return larger;
}

static void yajl_release(void *context, void *block)
{
	(void) context;
	(void) block;
}

static int fail_too_large(Parser *parser)
{
	parser->is_error_set = true;
	(void) error_set(parser->error, ERROR_TOO_LARGE, "the JSON text has more values than there is memory for");
	return 0;
}

static JsonValue *node_make(Parser *parser)
{
	if (parser->nodes_left == 0)
	{
		parser->nodes = arena_allocate(parser->arena, NODES_AT_ONCE * sizeof *parser->nodes);
		if (parser->nodes == NULL)
			return NULL;
		parser->nodes_left = NODES_AT_ONCE;
	}
	parser->nodes_left--;
	return parser->nodes++;
}

static int value_add(Parser *parser, JsonType type, Slice text)
{
	JsonValue *node = node_make(parser);
	if (node == NULL)
		return fail_too_large(parser);
	*node = (JsonValue){.type = type, .text = text};
	if (parser->depth == 0)
	{
		parser->root = node;
		return 1;
	}
	Frame *frame = &parser->frames[parser->depth - 1];
	if (frame->container->type == JSON_OBJECT)
		node->key = parser->key;
	if (frame->last == NULL)
		frame->container->first = node;
	else
		frame->last->next = node;
	frame->last = node;
	frame->container->count++;
	return 1;
}

static int container_begin(Parser *parser, JsonType type)
{
	if (parser->depth == JSON_DEPTH_MAX)
	{
		parser->is_error_set = true;
		(void) error_set(parser->error, ERROR_BAD_INPUT, "the JSON text is nested more than %d deep", JSON_DEPTH_MAX);
		return 0;
	}
	if (value_add(parser, type, SLICE_NONE) == 0)
		return 0;
	JsonValue *container = parser->depth == 0 ? parser->root : parser->frames[parser->depth - 1].last;
	parser->frames[parser->depth++] = (Frame){.container = container};
	return 1;
}

static uint32_t hex4(const char *digits)
{
	uint32_t value = 0;
	for (size_t i = 0; i < 4; i++)
	{
		char digit = digits[i];
		uint32_t number = digit <= '9' ? (uint32_t) (digit - '0') : ((uint32_t) digit & 0x5FU) - 'A' + 10;
		value = value << 4U | number;
	}
	return value;
}

// Reads what stands behind "\u", writes the character; returns how many bytes of the source belong to it.
static size_t unicode_unescape(const char *source, char **target)
{
	uint32_t code_point = hex4(source);
	size_t used = 4;
	if (code_point >= 0xD800 && code_point < 0xDC00 && source[4] == '\\' && source[5] == 'u')
	{
		uint32_t low = hex4(source + 6);
		if (low >= 0xDC00 && low < 0xE000)
		{
			code_point = 0x10000U + ((code_point - 0xD800U) << 10U) + (low - 0xDC00U);
			used = 10;
		}
	}
	bool is_surrogate = code_point >= 0xD800 && code_point < 0xE000;
	char sequence[4];
	size_t size = utf8_encode(code_point == 0 || is_surrogate ? 0xFFFD : code_point, sequence);
	memcpy(*target, sequence, size);
	*target += size;
	return used;
}

static char simple_unescape(char byte)
{
	switch (byte)
	{
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return byte; // quote, backslash, slash
	}
}

// yajl's own unescaping turns broken surrogates into '?' or into invalid UTF-8; it has checked the string's form, and so
// the text between the quotes is read again here, in place: nothing gets longer.
static Slice string_unescape(Parser *parser)
{
	char *from = strchr(parser->string_end, '"'); // between two strings there is no quote
	assert(from != NULL);
	const char *source = from + 1;
	char *target = from + 1;
	while (*source != '"')
	{
		if (*source != '\\')
			*target++ = *source++;
		else if (source[1] == 'u')
			source += 2 + unicode_unescape(source + 2, &target);
		else
		{
			*target++ = simple_unescape(source[1]);
			source += 2;
		}
	}
	parser->string_end = parser->text + (source + 1 - parser->text);
	return (Slice){from + 1, (size_t) (target - from - 1)};
}

static Slice string_take(Parser *parser, const unsigned char *data, size_t size)
{
	uintptr_t offset = (uintptr_t) data - (uintptr_t) parser->text;
	if (offset > parser->text_size) // yajl unescaped it elsewhere
		return string_unescape(parser);
	parser->string_end = parser->text + offset + size + 1;
	return (Slice){parser->text + offset, size};
}

static int on_null(void *context)
{
	return value_add(context, JSON_NULL, SLICE_NONE);
}

static int on_boolean(void *context, int truth)
{
	return value_add(context, truth != 0 ? JSON_TRUE : JSON_FALSE, SLICE_NONE);
}

static int on_number(void *context, const char *data, size_t size)
{
	return value_add(context, JSON_NUMBER, (Slice){data, size});
}

static int on_string(void *context, const unsigned char *data, size_t size)
{
	return value_add(context, JSON_STRING, string_take(context, data, size));
}

static int on_key(void *context, const unsigned char *data, size_t size)
{
	Parser *parser = context;
	parser->key = string_take(parser, data, size);
	json_key_set_add(&parser->frames[parser->depth - 1].keys, parser->key);
	return 1;
}

static int on_object_begin(void *context)
{
	return container_begin(context, JSON_OBJECT);
}

static int on_object_end(void *context)
{
	Parser *parser = context;
	Frame *frame = &parser->frames[--parser->depth];
	if (frame->keys.may_repeat && !json_keys_deduplicate(frame->container, parser->arena))
		return fail_too_large(parser);
	return 1;
}

static int on_array_begin(void *context)
{
	return container_begin(context, JSON_ARRAY);
}

static int on_array_end(void *context)
{
	Parser *parser = context;
	parser->depth--;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_object_begin,
	.yajl_map_key = on_key,
	.yajl_end_map = on_object_end,
	.yajl_start_array = on_array_begin,
	.yajl_end_array = on_array_end,
};

static bool fail_bad_input(Parser *parser, yajl_handle handle)
{
	size_t at = yajl_get_bytes_consumed(handle);
	unsigned char *reason = yajl_get_error(handle, 0, NULL, 0);
	Slice words = slice_trim(slice_from((const char *) reason));
	return error_set(parser->error, ERROR_BAD_INPUT, "not JSON, at byte %zu: %.*s",
		at < parser->text_size ? at : parser->text_size, SLICE_PRINT(words));
}

// The copy ends in a line feed, so that no token reaches the end of the text: yajl would copy the part it has.
static bool parser_run(Parser *parser)
{
	yajl_alloc_funcs memory = {yajl_allocate, yajl_resize, yajl_release, parser};
	yajl_handle handle = yajl_alloc(&callbacks, &memory, parser);
	(void) yajl_config(handle, yajl_dont_validate_strings, 1); // done before, and more strictly
	yajl_status status = yajl_parse(handle, (const unsigned char *) parser->text, parser->text_size + 1);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(handle);
	bool is_ok = status == yajl_status_ok && parser->root != NULL;
	if (!is_ok && !parser->is_error_set)
		(void) fail_bad_input(parser, handle);
	yajl_free(handle);
	return is_ok;
}

bool json_parse(Slice text, Arena *arena, JsonValue **value, Error *error)
{
	if (!utf8_is_valid(text))
		return error_set(error, ERROR_BAD_INPUT, "not JSON: the text is not valid UTF-8");
	Parser parser;
	memset(&parser, 0, offsetof(Parser, frames));
	parser.workspace_used = 0;
	parser.reserve = NULL;
	parser.reserve_size = 0;
	parser.arena = arena;
	parser.error = error;
	parser.text = arena_allocate(arena, text.size + 2);
	if (parser.text == NULL)
		return error_set(error, ERROR_TOO_LARGE, "the JSON text of %zu bytes is larger than there is memory for",
			text.size);
	if (text.size > 0)
		memcpy(parser.text, text.data, text.size);
	memcpy(parser.text + text.size, "\n", 2);
	parser.text_size = text.size;
	parser.string_end = parser.text;
	if (text.size > 0 && memchr(text.data, '\\', text.size) != NULL)
	{
		parser.reserve_size = 2 * text.size + 2 * WORKSPACE_SIZE + 2 * sizeof(BlockHead);
		parser.reserve = memory_allocate(parser.reserve_size);
		if (parser.reserve == NULL)
			return error_set(error, ERROR_MEMORY, "no memory to parse a JSON text of %zu bytes", text.size);
	}
	bool is_ok = parser_run(&parser);
	memory_free(parser.reserve);
	if (is_ok)
		*value = parser.root;
	return is_ok;
}
