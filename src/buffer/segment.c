#include "buffer/segment.h"

#include "base/hash.h"

#include <endian.h>
#include <string.h>

#define MAGIC "SOJOURN\n"
#define KIND_HIT 1U

enum {
	HEADER_VERSION_AT = 8,
	HEADER_SIZE_AT = 12,
	HEADER_STREAM_AT = 16,
	HEADER_NUMBER_AT = 32,
	HEADER_CREATED_AT = 40,
	HEADER_PREVIOUS_NUMBER_AT = 48,
	HEADER_PREVIOUS_END_AT = 56,
	HEADER_CHECKSUM_AT = 72,
	FRAME_SIZE_AT = 8,
	FRAME_KIND_AT = 12,
	FRAME_SYNCED_AT = 16,
	FRAME_CHECKED_FROM = 8,
};

static void put_u32(char *bytes, uint32_t value)
{
	value = htole32(value);
	memcpy(bytes, &value, sizeof value);
}

static void put_u64(char *bytes, uint64_t value)
{
	value = htole64(value);
	memcpy(bytes, &value, sizeof value);
}

static uint32_t get_u32(const char *bytes)
{
	uint32_t value;
	memcpy(&value, bytes, sizeof value);
	return le32toh(value);
}

static uint64_t get_u64(const char *bytes)
{
	uint64_t value;
	memcpy(&value, bytes, sizeof value);
	return le64toh(value);
}

void segment_header_encode(SegmentHeader *header, char bytes[SEGMENT_HEADER_SIZE])
{
	memset(bytes, 0, SEGMENT_HEADER_SIZE);
	memcpy(bytes, MAGIC, sizeof MAGIC - 1);
	put_u32(bytes + HEADER_VERSION_AT, SEGMENT_VERSION);
	put_u32(bytes + HEADER_SIZE_AT, SEGMENT_HEADER_SIZE);
	memcpy(bytes + HEADER_STREAM_AT, header->stream.bytes, sizeof header->stream.bytes);
	put_u64(bytes + HEADER_NUMBER_AT, header->number);
	put_u64(bytes + HEADER_CREATED_AT, (uint64_t) header->created_ms);
	put_u64(bytes + HEADER_PREVIOUS_NUMBER_AT, header->previous_number);
	put_u64(bytes + HEADER_PREVIOUS_END_AT, header->previous_end);
	header->checksum = hash_checksum((Slice){bytes, HEADER_CHECKSUM_AT}, 0);
	put_u64(bytes + HEADER_CHECKSUM_AT, header->checksum);
}

bool segment_header_decode(const char bytes[SEGMENT_HEADER_SIZE], SegmentHeader *header, Error *error)
{
	uint64_t checksum = hash_checksum((Slice){bytes, HEADER_CHECKSUM_AT}, 0);
	if (memcmp(bytes, MAGIC, sizeof MAGIC - 1) != 0 || get_u64(bytes + HEADER_CHECKSUM_AT) != checksum)
		return error_set(error, ERROR_CORRUPT, "not the header of a segment");
	uint32_t version = get_u32(bytes + HEADER_VERSION_AT);
	if (version != SEGMENT_VERSION || get_u32(bytes + HEADER_SIZE_AT) != SEGMENT_HEADER_SIZE)
		return error_set(error, ERROR_BAD_INPUT, "a segment of version %u, and version %u is known here", version,
			SEGMENT_VERSION);
	*header = (SegmentHeader){
		.number = get_u64(bytes + HEADER_NUMBER_AT),
		.created_ms = (int64_t) get_u64(bytes + HEADER_CREATED_AT),
		.previous_number = get_u64(bytes + HEADER_PREVIOUS_NUMBER_AT),
		.previous_end = get_u64(bytes + HEADER_PREVIOUS_END_AT),
		.checksum = checksum,
	};
	memcpy(header->stream.bytes, bytes + HEADER_STREAM_AT, sizeof header->stream.bytes);
	return true;
}

size_t segment_frame_size(size_t payload_size)
{
	size_t size = SEGMENT_FRAME_HEADER_SIZE + payload_size;
	return (size + SEGMENT_ALIGNMENT - 1) / SEGMENT_ALIGNMENT * SEGMENT_ALIGNMENT;
}

static uint64_t frame_checksum(const SegmentHeader *header, uint64_t offset, const char *bytes, size_t size)
{
	Slice checked = {bytes + FRAME_CHECKED_FROM, size - FRAME_CHECKED_FROM};
	return hash_checksum(checked, header->checksum + offset);
}

void segment_frame_encode(const SegmentHeader *header, uint64_t offset, uint64_t synced, Slice payload, char *bytes)
{
	size_t size = segment_frame_size(payload.size);
	put_u32(bytes + FRAME_SIZE_AT, (uint32_t) payload.size);
	put_u32(bytes + FRAME_KIND_AT, KIND_HIT);
	put_u64(bytes + FRAME_SYNCED_AT, synced);
	memcpy(bytes + SEGMENT_FRAME_HEADER_SIZE, payload.data, payload.size);
	size_t used = SEGMENT_FRAME_HEADER_SIZE + payload.size;
	memset(bytes + used, 0, size - used);
	put_u64(bytes, frame_checksum(header, offset, bytes, size));
}

SegmentFrameState segment_frame_decode(const SegmentHeader *header, uint64_t offset, Slice bytes, SegmentFrame *frame)
{
	*frame = (SegmentFrame){.size = SEGMENT_FRAME_HEADER_SIZE};
	if (bytes.size < SEGMENT_FRAME_HEADER_SIZE)
		return SEGMENT_FRAME_CUT;
	uint32_t payload_size = get_u32(bytes.data + FRAME_SIZE_AT);
	if (payload_size == 0 || payload_size > SEGMENT_PAYLOAD_SIZE_MAX || get_u32(bytes.data + FRAME_KIND_AT) != KIND_HIT)
		return SEGMENT_FRAME_INVALID;
	uint64_t synced = get_u64(bytes.data + FRAME_SYNCED_AT);
	if (synced < SEGMENT_HEADER_SIZE || synced > offset || synced % SEGMENT_ALIGNMENT != 0)
		return SEGMENT_FRAME_INVALID;
	frame->size = segment_frame_size(payload_size);
	if (bytes.size < frame->size)
		return SEGMENT_FRAME_CUT;
	if (get_u64(bytes.data) != frame_checksum(header, offset, bytes.data, frame->size))
		return SEGMENT_FRAME_INVALID;
	frame->payload = (Slice){bytes.data + SEGMENT_FRAME_HEADER_SIZE, payload_size};
	frame->synced = synced;
	return SEGMENT_FRAME_VALID;
}
