#include "hit/hit.h"

#include "base/json.h"

static bool is_raw_bytes(uint64_t tag)
{
	return tag == 105 || tag == 106; // ip_hash, ip_encrypted
}

static void uuid_write(Buf *buf, const char *name, Uuid uuid)
{
	if (uuid_is_nil(uuid))
		return;
	char text[UUID_TEXT_SIZE];
	uuid_format(uuid, text);
	json_write_key(buf, name);
	json_write_string(buf, slice_from(text));
}

static void number_write(Buf *buf, const char *name, int64_t value)
{
	if (value == HIT_NONE)
		return;
	json_write_key(buf, name);
	buf_append_format(buf, "%lld", (long long) value);
}

static void text_write(Buf *buf, uint64_t tag, const char *name, Slice text)
{
	if (text.data == NULL)
		return;
	json_write_key(buf, name);
	if (!is_raw_bytes(tag))
	{
		json_write_string(buf, text);
		return;
	}
	buf_append_byte(buf, '"');
	for (size_t at = 0; at < text.size; at++)
		buf_append_format(buf, "%02x", (unsigned char) text.data[at]);
	buf_append_byte(buf, '"');
}

static void json_put(Buf *buf, const char *name, Slice text)
{
	if (text.data == NULL)
		return;
	json_write_key(buf, name);
	buf_append_slice(buf, text);
}

void hit_write_json(const Hit *hit, Buf *buf)
{
	buf_append_byte(buf, '{');
	json_write_key(buf, "type");
	json_write_string(buf, slice_from(hit_type_name(hit->type)));
#define X(tag, name) uuid_write(buf, #name, hit->name);
	HIT_UUID_FIELDS(X)
#undef X
#define X(tag, name) number_write(buf, #name, hit->name);
	HIT_NUMBER_FIELDS(X)
#undef X
#define X(tag, name, size_max) text_write(buf, tag, #name, hit->name);
	HIT_TEXT_FIELDS(X)
#undef X
#define X(tag, name) json_put(buf, #name, hit->name);
	HIT_JSON_FIELDS(X)
#undef X
	buf_append_byte(buf, '}');
}
