#include "enrich/channel_parse.h"

#include "base/utf8.h"

#include <string.h>

#define NAME_SIZE_MAX 50 // what the columns hold

// The line that is read.
typedef struct Line {
	ChannelRules *rules;
	const char *file;
	int number;
	Error *error;
} Line;

// A sentence with file and line before it.
#define line_fail(line, ...)                                                                                           \
	(error_set((line)->error, ERROR_BAD_INPUT, __VA_ARGS__),                                                           \
		error_prefix((line)->error, "%s:%d: ", (line)->file, (line)->number))

static bool line_no_memory(const Line *line)
{
	return error_set(line->error, ERROR_MEMORY, "%s:%d: no memory for the channel rules", line->file, line->number);
}

static bool is_pattern_name(Slice text)
{
	for (size_t i = 0; i < text.size; i++)
	{
		char byte = text.data[i];
		bool is_digit = byte >= '0' && byte <= '9';
		if (!(byte >= 'A' && byte <= 'Z') && !(i > 0 && (byte == '_' || is_digit)))
			return false;
	}
	return text.size > 0;
}

// ── Patterns ──

static bool pattern_compile(const Line *line, Slice source, ChannelPattern *pattern)
{
	int code = 0;
	PCRE2_SIZE offset = 0;
	pattern->source = source;
	pattern->code =
		pcre2_compile((PCRE2_SPTR) source.data, source.size, PCRE2_CASELESS | PCRE2_UTF, &code, &offset, NULL);
	if (pattern->code == NULL)
	{
		char reason[128] = "";
		(void) pcre2_get_error_message(code, (PCRE2_UCHAR *) reason, sizeof reason);
		return line_fail(line, "\"%.*s\" is no regular expression: %s at character %zu", SLICE_PRINT(source), reason,
			(size_t) offset + 1);
	}
	(void) pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE); // where there is no JIT, matching works too
	return true;
}

// With this name, or with this source where `name` is SLICE_NONE; pattern_count where there is none.
static size_t pattern_find(const ChannelRules *rules, Slice name, Slice source)
{
	for (size_t i = 0; i < rules->pattern_count; i++)
	{
		const ChannelPattern *pattern = &rules->patterns[i];
		if (name.data != NULL ? slice_equal(pattern->name, name) : slice_equal(pattern->source, source))
			return i;
	}
	return rules->pattern_count;
}

static bool pattern_add(const Line *line, Slice name, Slice source, size_t *index)
{
	ChannelRules *rules = line->rules;
	*index = pattern_find(rules, name, source);
	if (*index < rules->pattern_count)
		return true;
	if (*index == CHANNEL_PATTERNS_MAX)
		return line_fail(line, "there are more than %d patterns", CHANNEL_PATTERNS_MAX);
	ChannelPattern pattern = {.name = name};
	if (!pattern_compile(line, source, &pattern))
		return false;
	rules->patterns[rules->pattern_count++] = pattern;
	return true;
}

// NAME = REGULAR EXPRESSION
static bool definition_split(Slice text, Slice *name, Slice *source)
{
	*name = slice_trim(slice_split(text, '=', source));
	*source = slice_trim(*source);
	return is_pattern_name(*name) && source->data != NULL;
}

static bool definition_read(const Line *line, Slice text)
{
	Slice name;
	Slice source;
	size_t index = 0;
	if (!definition_split(text, &name, &source))
		return true;
	if (source.size == 0)
		return line_fail(line, "%.*s has no regular expression behind its =", SLICE_PRINT(name));
	return pattern_add(line, name, source, &index);
}

// ── Conditions ──

static bool field_read(const Line *line, Slice *rest, ChannelField *field)
{
	static const char *const names[CHANNEL_FIELD_COUNT] = {"source", "medium", "campaign", "term", "content",
		"source_category", "referrer_domain", "referrer_category", "click_id"};
	Slice name = slice_split(*rest, ' ', rest);
	for (int i = 0; i < CHANNEL_FIELD_COUNT; i++)
		if (slice_equal_text(name, names[i]))
		{
			*field = (ChannelField) i;
			return true;
		}
	return line_fail(line,
		"there is no field \"%.*s\"; there are source, medium, campaign, term, content, source_category, "
		"referrer_domain, referrer_category and click_id",
		SLICE_PRINT(name));
}

static bool word_take(Slice *rest, const char *word)
{
	Slice text = slice_trim(*rest);
	Slice wanted = slice_from(word);
	if (!slice_starts_with(text, wanted) || (text.size > wanted.size && text.data[wanted.size] != ' '))
		return false;
	*rest = slice_trim(slice_sub(text, wanted.size, text.size));
	return true;
}

static bool values_read(const Line *line, Slice text, ChannelCondition *condition)
{
	size_t count = 1;
	for (size_t i = 0; i < text.size; i++)
		count += text.data[i] == ',';
	Slice *values = ARENA_ARRAY(&line->rules->arena, Slice, count);
	if (values == NULL)
		return line_no_memory(line);
	for (Slice rest = text; rest.data != NULL;)
	{
		Slice value = slice_trim(slice_split(rest, ',', &rest));
		if (value.size == 0)
			return line_fail(line, "a value is missing; values have commas between them");
		values[condition->value_count++] = value;
	}
	condition->values = values;
	return true;
}

static bool pattern_read(const Line *line, Slice text, ChannelCondition *condition)
{
	if (text.size == 0)
		return line_fail(line, "there is no pattern behind \"matches\"");
	if (!is_pattern_name(text))
		return pattern_add(line, SLICE_NONE, text, &condition->pattern);
	condition->pattern = pattern_find(line->rules, text, SLICE_NONE);
	return condition->pattern < line->rules->pattern_count
		|| line_fail(line, "there is no pattern \"%.*s\"; give it a line of its own: %.*s = …", SLICE_PRINT(text),
			SLICE_PRINT(text));
}

static bool condition_read(const Line *line, Slice text, ChannelCondition *condition)
{
	Slice rest = text;
	if (!field_read(line, &rest, &condition->field))
		return false;
	if (word_take(&rest, "is"))
	{
		condition->is_negated = word_take(&rest, "not");
		return values_read(line, rest, condition);
	}
	condition->is_negated = word_take(&rest, "does not");
	if (word_take(&rest, condition->is_negated ? "match" : "matches"))
		return pattern_read(line, rest, condition);
	return line_fail(line, "\"%.*s\" is no condition; a field is followed by is, is not, matches or does not match",
		SLICE_PRINT(text));
}

static bool conditions_read(const Line *line, Slice text, ChannelRule *rule)
{
	ChannelCondition **end = &rule->conditions;
	if (slice_equal_text(text, "always"))
		return true;
	for (Slice rest = text; rest.data != NULL;)
	{
		Slice part = slice_trim(slice_split(rest, ';', &rest));
		if (part.size == 0)
			return line_fail(line,
				"a condition is missing; conditions have semicolons between them, and \"always\" "
				"stands for none");
		*end = ARENA_NEW(&line->rules->arena, ChannelCondition);
		if (*end == NULL)
			return line_no_memory(line);
		if (!condition_read(line, part, *end))
			return false;
		end = &(*end)->next;
	}
	return true;
}

// ── Rules ──

static bool name_is_good(Slice name)
{
	for (size_t i = 0; i < name.size; i++)
		if ((unsigned char) name.data[i] < ' ')
			return false;
	return name.size > 0 && name.size <= NAME_SIZE_MAX;
}

// CHANNEL (TYPE): CONDITION; CONDITION…
static bool rule_read(const Line *line, Slice text, ChannelRule *rule)
{
	Slice conditions;
	Slice head = slice_trim(slice_split(text, ':', &conditions));
	size_t open = slice_find(head, '(', 0);
	if (conditions.data == NULL || open == head.size || head.data[head.size - 1] != ')')
		return line_fail(line, "this is no rule: a rule is CHANNEL (TYPE): CONDITION; CONDITION…");
	Slice name = slice_trim(slice_sub(head, 0, open));
	Slice type = slice_trim(slice_sub(head, open + 1, head.size - 1));
	if (!name_is_good(name) || !name_is_good(type))
		return line_fail(line, "a channel and its type have 1 to %d bytes each", NAME_SIZE_MAX);
	rule->channel.name = arena_copy(&line->rules->arena, name);
	rule->channel.type = arena_copy(&line->rules->arena, type);
	rule->channel.file = arena_copy(&line->rules->arena, slice_from(line->file)).data;
	rule->channel.line = line->number;
	if (rule->channel.name.data == NULL || rule->channel.type.data == NULL || rule->channel.file == NULL)
		return line_no_memory(line);
	return conditions_read(line, slice_trim(conditions), rule);
}

static bool rule_add(const Line *line, Slice text, ChannelRule ***end)
{
	Slice name;
	Slice source;
	if (definition_split(text, &name, &source))
		return true;
	**end = ARENA_NEW(&line->rules->arena, ChannelRule);
	if (**end == NULL)
		return line_no_memory(line);
	if (!rule_read(line, text, **end))
		return false;
	*end = &(**end)->next;
	return true;
}

bool channel_parse(ChannelRules *rules, const ChannelText *texts, size_t count, Error *error)
{
	ChannelRule **end = &rules->first;
	for (int pass = 0; pass < 2; pass++) // patterns may be named before they are given
		for (size_t i = 0; i < count; i++)
		{
			Line line = {.rules = rules, .file = texts[i].name, .error = error};
			for (Slice rest = texts[i].text; rest.size > 0;)
			{
				Slice text = slice_trim(slice_split(rest, '\n', &rest));
				line.number++;
				if (text.size == 0 || *text.data == '#')
					continue;
				if (pass == 0 ? !definition_read(&line, text) : !rule_add(&line, text, &end))
					return false;
			}
		}
	return true;
}
