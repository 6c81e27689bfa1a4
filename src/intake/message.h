// A message of the Segment-shaped contract becomes a hit, or is refused. Pure: no clock, no input and output; only the
// arena it is given.
//
// What must not reach disk as it is (network address, full URLs, ids that will be hashed) stands beside the hit, as it came.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "config/settings.h"
#include "hit/client_hints.h"
#include "hit/hit.h"
#include "intake/key.h"
#include "intake/refusal.h"

// What of the settings counts.
typedef struct IntakeRules {
	bool is_opt_in;      // a browser's hit needs a yes
	bool is_consent_off; // not even a no counts
	bool is_dnt_no;      // Do Not Track and Global Privacy Control count as a no
	int64_t age_ms_max;
	int64_t future_ms_max;
	int64_t skew_ms_max;
	size_t hit_bytes_max;
	Slice identify_secret; // empty: users of browsers need no signature
} IntakeRules;

IntakeRules message_rules(const Settings *settings, Slice identify_secret);

// What the request says of all its messages. Texts as they came.
typedef struct IntakeSender {
	const WriteKey *key;
	int64_t now_ms;
	Slice ip;
	Slice user_agent;
	ClientHints hints;
	Slice own_host; // of the Origin
	Slice sec_purpose;
	Slice purpose;
	Slice x_purpose;
	Slice x_moz;
	bool has_dnt; // DNT: 1 or Sec-GPC: 1
} IntakeSender;

// The hit, without what is made of these: SLICE_NONE where not given. Everything lives as long as the arena, the parsed
// message and the sender's texts.
typedef struct IntakeMessage {
	Hit hit;
	Arena *arena; // for whoever takes the message; reset before the next one
	Slice user_id;
	Slice anonymous_id;
	Slice previous_id;
	Slice ip;
	Slice user_agent;
	ClientHints hints;
	bool is_webdriver;
	bool is_team; // context.internal
	Slice page_url;
	Slice page_path;
	Slice page_search;
	Slice page_title;
	Slice own_host;
	Slice referrer;
	Slice campaign_source;
	Slice campaign_medium;
	Slice campaign_name;
	Slice campaign_term;
	Slice campaign_content;
	Slice sec_purpose;
	Slice purpose;
	Slice x_purpose;
	Slice x_moz;
} IntakeMessage;

typedef enum MessageKind {
	MESSAGE_UNKNOWN,
	MESSAGE_PAGE,
	MESSAGE_TRACK,
	MESSAGE_IDENTIFY,
	MESSAGE_ALIAS,
	MESSAGE_SCREEN,
	MESSAGE_GROUP,
	MESSAGE_LEAVE,
	MESSAGE_CONSENT
} MessageKind;

MessageKind message_kind(Slice type);
// Bytes of the value as compact text, but for escapes; counting stops above the maximum. 0 of NULL.
size_t message_size(const JsonValue *value, size_t size_max);

// Reads one message; `envelope` is the batch around it (its context and sentAt count where the message has none), or NULL.
// kind MESSAGE_UNKNOWN: the message's own type says it. The JSON texts of the hit are written to `json`, which is emptied
// first and must not be touched while the hit is in use.
Refusal message_read(const IntakeRules *rules, const IntakeSender *sender, const JsonValue *value,
	const JsonValue *envelope, MessageKind kind, Arena *arena, Buf *json, IntakeMessage *message);
