// What a request says of all its messages.
#pragma once
#include "config/settings.h"
#include "intake/message.h"

#define SENDER_HEADERS_MAX 64 // of a request; more are not looked at

typedef struct SenderHeader {
	Slice name; // in any case
	Slice value;
} SenderHeader;

// From the request's headers and the address that it came from. Everything lives as long as these and the key.
IntakeSender sender_make(const Settings *settings, const WriteKey *key, const SenderHeader *headers, size_t count,
	Slice peer, int64_t now_ms);
