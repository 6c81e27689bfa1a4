// Rules of channels in memory, and how they are read.
#pragma once
#include "base/arena.h"
#include "enrich/channel.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define CHANNEL_PATTERNS_MAX 256

// A regular expression; what it said of the fields in the round that is going on.
typedef struct ChannelPattern {
	Slice source;
	Slice name; // SLICE_NONE where it stands in a condition itself
	pcre2_code *code;
	uint64_t asked[CHANNEL_FIELD_COUNT]; // in which round
	bool is_match[CHANNEL_FIELD_COUNT];
} ChannelPattern;

typedef struct ChannelCondition {
	struct ChannelCondition *next;
	ChannelField field;
	bool is_negated;
	const Slice *values; // globs; none: the pattern counts
	size_t value_count;
	size_t pattern; // index
} ChannelCondition;

typedef struct ChannelRule {
	struct ChannelRule *next;
	Channel channel;
	ChannelCondition *conditions; // NULL: always
} ChannelRule;

typedef struct ChannelRules {
	Arena arena;
	ChannelRule *first;
	ChannelPattern patterns[CHANNEL_PATTERNS_MAX];
	size_t pattern_count;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	uint64_t round; // of asking
} ChannelRules;

typedef struct ChannelText {
	const char *name; // of its file, for errors
	Slice text;       // UTF-8
} ChannelText;

// Patterns of all texts, then rules of all texts in their order. A pattern that two texts name is that of the first. What is
// made so far is in `rules` also on failure.
bool channel_parse(ChannelRules *rules, const ChannelText *texts, size_t count, Error *error) MUST_USE;
