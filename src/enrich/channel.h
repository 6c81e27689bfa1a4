// A channel, and what it is told by.
#pragma once
#include "base/slice.h"

// What a condition asks about, in the order of the reference.
typedef enum ChannelField {
	CHANNEL_SOURCE,
	CHANNEL_MEDIUM,
	CHANNEL_CAMPAIGN,
	CHANNEL_TERM,
	CHANNEL_CONTENT,
	CHANNEL_SOURCE_CATEGORY,
	CHANNEL_REFERRER_DOMAIN,
	CHANNEL_REFERRER_CATEGORY,
	CHANNEL_CLICK_ID,
	CHANNEL_FIELD_COUNT
} ChannelField;

// UTF-8; what is empty counts as "(not set)".
typedef struct ChannelInput {
	Slice fields[CHANNEL_FIELD_COUNT];
} ChannelInput;

// The slices live as long as the rules.
typedef struct Channel {
	Slice name; // "Paid Search"
	Slice type; // "paid"
	const char *file;
	int line; // of its rule
} Channel;
