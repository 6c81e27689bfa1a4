#include "hit/hit.h"

#include <string.h>

#define VERSION 1
#define TAG_NUMBER_FIRST 16U
#define TAG_TEXT_FIRST 64U

static void uuid_encode(Buf *buf, uint64_t tag, Uuid uuid)
{
	if (uuid_is_nil(uuid))
		return;
	buf_append_varint(buf, tag);
	buf_append(buf, uuid.bytes, sizeof uuid.bytes);
}

static void number_encode(Buf *buf, uint64_t tag, int64_t value)
{
	if (value == HIT_NONE)
		return;
	buf_append_varint(buf, tag);
	uint64_t zigzag = ((uint64_t) value << 1U) ^ (value < 0 ? UINT64_MAX : 0);
	buf_append_varint(buf, zigzag);
}

static void text_encode(Buf *buf, uint64_t tag, Slice text)
{
	if (text.data == NULL)
		return;
	buf_append_varint(buf, tag);
	buf_append_varint(buf, text.size);
	buf_append_slice(buf, text);
}

void hit_encode(const Hit *hit, Buf *buf)
{
	buf_append_byte(buf, VERSION);
	buf_append_byte(buf, (char) hit->type);
#define X(tag, name) uuid_encode(buf, tag, hit->name);
	HIT_UUID_FIELDS(X)
#undef X
#define X(tag, name) number_encode(buf, tag, hit->name);
	HIT_NUMBER_FIELDS(X)
#undef X
#define X(tag, name, size_max) text_encode(buf, tag, hit->name);
	HIT_TEXT_FIELDS(X)
#undef X
#define X(tag, name) text_encode(buf, tag, hit->name);
	HIT_JSON_FIELDS(X)
#undef X
}

static bool varint_decode(Slice payload, size_t *at, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 64 && *at < payload.size; shift += 7)
	{
		unsigned char byte = (unsigned char) payload.data[(*at)++];
		*value |= (uint64_t) (byte & 0x7FU) << shift;
		if ((byte & 0x80U) == 0)
			return true;
	}
	return false;
}

static void uuid_put(Hit *hit, uint64_t tag, const char *bytes)
{
	switch (tag)
	{
#define X(known, name)                                                                                                 \
	case known:                                                                                                        \
		memcpy(hit->name.bytes, bytes, sizeof hit->name.bytes);                                                        \
		return;
		HIT_UUID_FIELDS(X)
#undef X
	default:
		return;
	}
}

static void number_put(Hit *hit, uint64_t tag, int64_t value)
{
	switch (tag)
	{
#define X(known, name)                                                                                                 \
	case known:                                                                                                        \
		hit->name = value;                                                                                             \
		return;
		HIT_NUMBER_FIELDS(X)
#undef X
	default:
		return;
	}
}

static void text_put(Hit *hit, uint64_t tag, Slice text)
{
	switch (tag)
	{
#define X(known, name, size_max)                                                                                       \
	case known:                                                                                                        \
		hit->name = text;                                                                                              \
		return;
		HIT_TEXT_FIELDS(X)
#undef X
#define X(known, name)                                                                                                 \
	case known:                                                                                                        \
		hit->name = text;                                                                                              \
		return;
		HIT_JSON_FIELDS(X)
#undef X
	default:
		return;
	}
}

static bool field_decode(Slice payload, size_t *at, Hit *hit)
{
	uint64_t tag = 0;
	uint64_t value = 0;
	if (!varint_decode(payload, at, &tag))
		return false;
	if (tag < TAG_NUMBER_FIRST)
	{
		if (payload.size - *at < sizeof hit->id.bytes)
			return false;
		uuid_put(hit, tag, payload.data + *at);
		*at += sizeof hit->id.bytes;
		return true;
	}
	if (!varint_decode(payload, at, &value))
		return false;
	if (tag < TAG_TEXT_FIRST)
	{
		number_put(hit, tag, (int64_t) ((value >> 1U) ^ (0 - (value & 1U))));
		return true;
	}
	if (value > payload.size - *at)
		return false;
	text_put(hit, tag, (Slice){payload.data + *at, (size_t) value});
	*at += (size_t) value;
	return true;
}

bool hit_decode(Slice payload, Hit *hit, Error *error)
{
	if (payload.size < 2)
		return error_set(error, ERROR_CORRUPT, "A hit of %zu bytes is too short to be one.", payload.size);
	unsigned char type = (unsigned char) payload.data[1];
	if (payload.data[0] != VERSION)
		return error_set(error, ERROR_CORRUPT, "A hit has the encoding version %d, which this sojourn does not know.",
			(unsigned char) payload.data[0]);
	if (type < HIT_PAGE || type > HIT_TYPE_LAST)
		return error_set(error, ERROR_CORRUPT, "A hit has the type %d, which this sojourn does not know.", type);
	hit_init(hit, (HitType) type);
	size_t at = 2;
	while (at < payload.size)
	{
		if (!field_decode(payload, &at, hit))
			return error_set(error, ERROR_CORRUPT, "A hit of %zu bytes has a broken field before byte %zu.",
				payload.size, at);
	}
	if (uuid_is_nil(hit->id))
		return error_set(error, ERROR_CORRUPT, "A hit of %zu bytes has no id.", payload.size);
	return true;
}
