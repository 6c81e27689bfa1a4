#include "intake/internal.h"

#include "base/hash.h"

#define ID_SIZE_MAX 250

static Refusal id_read(const JsonValue *value, Slice *id)
{
	*id = SLICE_NONE;
	if (value == NULL)
		return REFUSAL_NONE;
	if (value->type != JSON_STRING && value->type != JSON_NUMBER)
		return REFUSAL_BAD_ID;
	*id = slice_trim(reading_text(value));
	if (id->size == 0)
		*id = SLICE_NONE;
	return id->size > ID_SIZE_MAX ? REFUSAL_TOO_LARGE : REFUSAL_NONE;
}

static bool is_signed(const Reading *reading, Slice user_id)
{
	const JsonValue *value = reading_get(reading->value, "signature");
	Slice given = json_string(value == NULL ? reading_context(reading, "signature") : value);
	char wanted[HASH_HEX_SIZE];
	char lower[HASH_HEX_SIZE];
	if (given.size != HASH_HEX_SIZE - 1)
		return false;
	for (size_t at = 0; at < given.size; at++)
	{
		char byte = given.data[at];
		lower[at] = byte >= 'A' && byte <= 'F' ? (char) (byte - 'A' + 'a') : byte;
	}
	hash_hmac_sha256_hex(reading->rules->identify_secret, user_id, wanted);
	return hash_equal_constant_time((Slice){lower, given.size}, (Slice){wanted, given.size});
}

// Where the site signs its users, a browser's word alone does not make it one of them. Calls that are about who the user is
// are refused; others are kept as the browser's.
static Refusal signature_check(Reading *reading)
{
	IntakeMessage *message = reading->message;
	if (!reading_is_browser(reading) || reading->rules->identify_secret.size == 0 || message->user_id.data == NULL
		|| is_signed(reading, message->user_id))
		return REFUSAL_NONE;
	bool is_about_user = message->hit.type == HIT_IDENTIFY;
	if (is_about_user || message->anonymous_id.data == NULL)
		return REFUSAL_BAD_SIGNATURE;
	message->user_id = SLICE_NONE;
	return REFUSAL_NONE;
}

Refusal reading_who(Reading *reading)
{
	IntakeMessage *message = reading->message;
	Refusal refusal = id_read(reading_get(reading->value, "userId"), &message->user_id);
	if (refusal == REFUSAL_NONE)
		refusal = id_read(reading_get(reading->value, "anonymousId"), &message->anonymous_id);
	if (refusal == REFUSAL_NONE && reading->kind == MESSAGE_ALIAS)
		refusal = id_read(reading_get(reading->value, "previousId"), &message->previous_id);
	if (refusal != REFUSAL_NONE)
		return refusal;
	bool is_known = message->user_id.data != NULL || message->anonymous_id.data != NULL;
	if (reading->kind == MESSAGE_ALIAS)
		is_known =
			message->user_id.data != NULL && (message->previous_id.data != NULL || message->anonymous_id.data != NULL);
	return is_known ? signature_check(reading) : REFUSAL_MISSING_ID;
}
