// What the collector makes of a message, step by step: read, enriched and encoded by the very code of the collector, then thrown
// away. Nothing is written to the state folder: ids are those of its person key where it has one, keys of addresses are made for
// the run alone.
#pragma once
#include "config/settings.h"
#include "intake/sender.h"

typedef struct Explain Explain;

typedef struct ExplainSender {
	KeyKind kind;
	Slice source; // the write key's name
	Slice ip;     // that the request comes from
	const SenderHeader *headers;
	size_t header_count;
	int64_t now_ms;
} ExplainSender;

// A field before and after a step; SLICE_NONE where there was or is none.
typedef struct ExplainRow {
	const char *step;
	Slice field;
	Slice before;
	Slice after;
	Slice reason;
} ExplainRow;

#define EXPLAIN_ROWS_MAX 256

// Lives until the next message is explained.
typedef struct Explained {
	Refusal refusal;     // REFUSAL_NONE: it is taken
	const char *place;   // the table where it ends; NULL where it is refused
	const Hit *hit;      // likewise
	size_t encoded_size; // in the buffer
	const ExplainRow *rows;
	size_t row_count;
} Explained;

// `sender` and what it points at must outlive it.
bool explain_open(const Settings *settings, const ExplainSender *sender, Explain **explain, Error *error) MUST_USE;
void explain_close(Explain *explain); // NULL is fine
// `envelope` is the batch around the message, or NULL.
bool explain_message(Explain *explain, const JsonValue *value, const JsonValue *envelope, Explained *explained,
	Error *error) MUST_USE;
