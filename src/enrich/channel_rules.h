// Rules of channels, as data/channel_rules.txt tells how to write them: the user's own, then those that Sojourn brings along.
// Compiled at start; asking them takes no memory. One thread.
#pragma once
#include "base/error.h"
#include "enrich/channel.h"

typedef struct ChannelRules ChannelRules;

// `path` is a file of rules that are asked first; empty for none. ERROR_BAD_INPUT names file and line.
bool channel_rules_open(const char *path, ChannelRules **rules, Error *error) MUST_USE;
void channel_rules_close(ChannelRules *rules); // NULL is fine

// The first rule that holds; the last one always does.
Channel channel_rules_find(ChannelRules *rules, const ChannelInput *input);
