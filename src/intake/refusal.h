// Why a hit is refused: every reason once, with the code that the answer names and the sentence that explains it.
#pragma once
#include "base/error.h"
#include "base/slice.h"

// X(reason, code, sentence). Two reasons may share a code; metrics count reasons.
#define REFUSALS(X)                                                                                                    \
	X(TOO_LARGE, "too_large", "The hit, or an id in it, is larger than allowed.")                                      \
	X(BAD_MESSAGE, "bad_message", "The message is no JSON object.")                                                    \
	X(BAD_TYPE, "bad_type", "The type is none of page, track, identify, alias, screen, group, leave and consent.")     \
	X(BAD_ID, "bad_id", "An id (userId, anonymousId, previousId, messageId) is neither a text nor a number.")          \
	X(MISSING_ID, "missing_id",                                                                                        \
		"The message does not say whom it is about: userId or anonymousId is missing, or "                             \
		"what an alias joins.")                                                                                        \
	X(MISSING_EVENT, "missing_event", "A track call needs a text in event.")                                           \
	X(MISSING_PAGE_VIEW, "missing_page_view", "A leave must name the page view that was left, in pageViewId.")         \
	X(BAD_TIME, "bad_time", "The timestamp is no time in ISO 8601 between the years 1970 and 9999.")                   \
	X(IN_FUTURE, "in_future", "The hit lies too far in the future.")                                                   \
	X(TOO_OLD, "too_old", "The hit lies too far in the past.")                                                         \
	X(CLOCK_SKEW, "clock_skew",                                                                                        \
		"The clock of the sender is off, and the hit does not say by how much: measure it "                            \
		"against serverTime and send again with context.session.clockOffsetMs.")                                       \
	X(BAD_SESSION, "bad_session",                                                                                      \
		"context.session is malformed: id and pageViewId are UUIDs of version 7 from about "                           \
		"the time of the hit, and a page needs its sequence, 1 and up.")                                               \
	X(BAD_VALUE, "bad_value", "A number or a yes or no is expected where something else stands.")                      \
	X(BAD_SIGNATURE, "bad_signature",                                                                                  \
		"The userId is not signed by the site: signature must be the HMAC-SHA256 of it "                               \
		"in hexadecimal.")                                                                                             \
	X(CONSENT_MISSING, "consent_required", "Nothing is stored here without a yes in context.consent.analytics.")       \
	X(CONSENT_DENIED, "consent_required", "The person said no to being counted.")

typedef enum Refusal {
	REFUSAL_NONE,
#define X(reason, code, sentence) REFUSAL_##reason,
	REFUSALS(X)
#undef X
		REFUSAL_COUNT
} Refusal;

const char *refusal_code(Refusal refusal);
const char *refusal_sentence(Refusal refusal);
// Adds one to the counter of that reason.
void refusal_count(Refusal refusal);
