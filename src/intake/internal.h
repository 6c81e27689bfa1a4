// What the files that read a message share: one reading, and the steps of it. Each step refuses or goes on.
#pragma once
#include "intake/message.h"

typedef struct Reading {
	const IntakeRules *rules;
	const IntakeSender *sender;
	const JsonValue *value;          // the message
	const JsonValue *envelope;       // NULL where it came alone
	const JsonValue *context;        // of the message, and of its batch
	const JsonValue *common_context; //
	const JsonValue *session;        // context.session
	const JsonValue *properties;     // or traits
	MessageKind kind;
	Arena *arena;
	Buf *json;
	IntakeMessage *message;
} Reading;

// The value of a key; NULL where it is not there or null.
const JsonValue *reading_get(const JsonValue *object, const char *key);
// context.KEY, of the message or else of its batch.
const JsonValue *reading_context(const Reading *reading, const char *key);
// Texts and numbers as text; SLICE_NONE for anything else, and where nothing but white space stands.
Slice reading_text(const JsonValue *value);
bool reading_is_browser(const Reading *reading);
// To the nearest whole number, halves away from zero; for numbers far below 2^63.
int64_t reading_round(double number);

// ── session.c ──
// Session, page view and sequence; needs the hit's id.
Refusal reading_session(Reading *reading);

// ── times.c ──
// The event's time, and the hit's id with that time in it.
Refusal reading_time(Reading *reading);

// ── who.c ──
Refusal reading_who(Reading *reading);

// ── consent.c ──
Refusal reading_consent(Reading *reading);

// ── page.c ──
// Where it happened: page, referrer, campaign, and what the browser says of itself.
void reading_where(Reading *reading);
Refusal reading_page(Reading *reading);
Refusal reading_screen(Reading *reading);
Refusal reading_leave(Reading *reading);

// ── hints.c ──
// Client hints of the context (userAgentData), and of the headers where these are of the same user agent.
ClientHints reading_hints(const Reading *reading);

// ── track.c ──
Refusal reading_track(Reading *reading);

// ── person.c ──
Refusal reading_identify(Reading *reading);
Refusal reading_group(Reading *reading);
