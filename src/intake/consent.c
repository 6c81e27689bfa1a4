#include "intake/internal.h"

// A yes or no, as 1 or 0; HIT_NONE where nothing is said. False where something else stands.
static bool answer_read(const JsonValue *value, int64_t *answer)
{
	bool truth = false;
	*answer = HIT_NONE;
	if (value == NULL)
		return true;
	if (!json_bool(value, &truth))
		return false;
	*answer = truth ? 1 : 0;
	return true;
}

// Whether the person may be counted. A consent call itself may always come: it is how a no becomes known.
static Refusal consent_check(const Reading *reading)
{
	const Hit *hit = &reading->message->hit;
	if (hit->type == HIT_CONSENT || reading->rules->is_consent_off)
		return REFUSAL_NONE;
	if (hit->analytics_consent == 0
		|| (reading_is_browser(reading) && reading->rules->is_dnt_no && reading->sender->has_dnt))
		return REFUSAL_CONSENT_DENIED;
	if (reading->rules->is_opt_in && reading_is_browser(reading) && hit->analytics_consent != 1)
		return REFUSAL_CONSENT_MISSING;
	return REFUSAL_NONE;
}

Refusal reading_consent(Reading *reading)
{
	Hit *hit = &reading->message->hit;
	const JsonValue *consent = reading_context(reading, "consent");
	const JsonValue *analytics = reading_get(consent, "analytics");
	const JsonValue *marketing = reading_get(consent, "marketing");
	const JsonValue *version = reading_get(consent, "version");
	if (hit->type == HIT_CONSENT && consent == NULL)
	{
		analytics = reading_get(reading->value, "analytics");
		marketing = reading_get(reading->value, "marketing");
		version = reading_get(reading->value, "version");
	}
	bool is_good = answer_read(analytics, &hit->analytics_consent) && answer_read(marketing, &hit->marketing_consent);
	if (version != NULL)
		is_good = json_int64(version, &hit->consent_version) && hit->consent_version >= 0
			&& hit->consent_version <= INT32_MAX && is_good;
	bool says_nothing = hit->analytics_consent == HIT_NONE && hit->marketing_consent == HIT_NONE;
	if (hit->type == HIT_CONSENT && (!is_good || says_nothing))
		return REFUSAL_BAD_VALUE;
	// Elsewhere what is no answer is as if nothing was said: opt-in refuses it, and SDKs put objects of their own there.
	if (!is_good)
		hit->consent_version = HIT_NONE;
	return consent_check(reading);
}
