#include "enrich/channel_rules.h"

#include "base/file.h"
#include "base/glob.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "data/sources.h"
#include "enrich/channel_parse.h"

#include <string.h>

#define FILE_SIZE_MAX ((size_t) 256 * 1024)
#define MEMORY_MAX ((size_t) 4 << 20U)
#define MATCH_LIMIT 20000U // of steps: a pattern that takes more does not match
#define VALUE_SIZE_MAX 500

void channel_rules_close(ChannelRules *rules)
{
	if (rules == NULL)
		return;
	for (size_t i = 0; i < rules->pattern_count; i++)
		pcre2_code_free(rules->patterns[i].code);
	pcre2_match_data_free(rules->match);
	pcre2_match_context_free(rules->limits);
	arena_free(&rules->arena);
	memory_free(rules);
}

static bool own_read(ChannelRules *rules, const char *path, Slice *text, Error *error)
{
	*text = SLICE_NONE;
	if (*path == '\0')
		return true;
	if (!file_read(path, FILE_SIZE_MAX, &rules->arena, text, error))
		return error_prefix(error, "the channel rules: ");
	if (slice_starts_with(*text, SLICE_LITERAL("\xEF\xBB\xBF")))
		*text = slice_sub(*text, 3, text->size);
	return utf8_is_valid(*text) || error_set(error, ERROR_BAD_INPUT, "%s is not UTF-8; save it so", path);
}

bool channel_rules_open(const char *path, ChannelRules **rules, Error *error)
{
	ChannelRules *made = memory_allocate_zeroed(1, sizeof *made);
	if (made == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for the channel rules");
	arena_init(&made->arena, MEMORY_MAX);
	made->match = pcre2_match_data_create(1, NULL);
	made->limits = pcre2_match_context_create(NULL);
	Slice own;
	bool is_ok = (made->match != NULL && made->limits != NULL)
		|| error_set(error, ERROR_MEMORY, "no memory for the channel rules");
	if (is_ok)
		(void) pcre2_set_match_limit(made->limits, MATCH_LIMIT);
	const ChannelText builtin = {"data/channel_rules.txt", slice_from(data_channel_rules)};
	is_ok = is_ok && own_read(made, path, &own, error);
	const ChannelText texts[] = {{path, is_ok ? own : SLICE_NONE}, builtin};
	if (!is_ok || !channel_parse(made, texts, sizeof texts / sizeof *texts, error))
	{
		channel_rules_close(made);
		return false;
	}
	*rules = made;
	return true;
}

static bool pattern_matches(ChannelRules *rules, const ChannelPattern *pattern, Slice value)
{
	return pcre2_match(pattern->code, (PCRE2_SPTR) value.data, value.size, 0, 0, rules->match, rules->limits) >= 0;
}

// The same pattern asks for the same field in many rules; what it said of this input is kept.
static bool pattern_holds(ChannelRules *rules, const ChannelCondition *condition, Slice value)
{
	ChannelPattern *pattern = &rules->patterns[condition->pattern];
	if (pattern->asked[condition->field] != rules->round)
	{
		pattern->asked[condition->field] = rules->round;
		pattern->is_match[condition->field] = pattern_matches(rules, pattern, value);
	}
	return pattern->is_match[condition->field];
}

static bool any_value_matches(const ChannelCondition *condition, Slice value)
{
	for (size_t i = 0; i < condition->value_count; i++)
		if (glob_matches(condition->values[i], value))
			return true;
	return false;
}

static bool condition_holds(ChannelRules *rules, const ChannelCondition *condition, const ChannelInput *input)
{
	Slice value = slice_sub(input->fields[condition->field], 0, VALUE_SIZE_MAX);
	if (value.size == 0)
		value = SLICE_LITERAL("(not set)");
	bool holds =
		condition->value_count > 0 ? any_value_matches(condition, value) : pattern_holds(rules, condition, value);
	return holds != condition->is_negated;
}

Channel channel_rules_find(ChannelRules *rules, const ChannelInput *input)
{
	rules->round++;
	for (const ChannelRule *rule = rules->first; rule != NULL; rule = rule->next)
	{
		const ChannelCondition *condition = rule->conditions;
		while (condition != NULL && condition_holds(rules, condition, input))
			condition = condition->next;
		if (condition == NULL)
			return rule->channel;
	}
	return (Channel){SLICE_LITERAL("Unassigned"), SLICE_LITERAL("unassigned"), "no rule", 0};
}
