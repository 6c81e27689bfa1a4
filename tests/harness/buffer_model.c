#include "harness/buffer_model.h"

#include "buffer/segment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void breach(const BufferModel *model, const char *what, uint64_t number)
{
	(void) fprintf(stderr,
		"buffer model: %s: frame %" PRIu64 ", appended %" PRIu64 ", synced %" PRIu64 ", read %" PRIu64
		", position %" PRIu64 " %" PRIu64 "\n",
		what, number, model->appended, model->synced, model->read, model->position.segment, model->position.offset);
	abort();
}

void buffer_model_init(BufferModel *model, const char *folder, uint64_t salt)
{
	*model = (BufferModel){.folder = folder, .salt = salt, .size_usual = 300, .size_max = 5000};
}

void buffer_model_reader_close(BufferModel *model)
{
	buffer_reader_close(model->reader);
	model->reader = NULL;
}

void buffer_model_end(BufferModel *model)
{
	buffer_model_reader_close(model);
}

// Number and salt make the payload: its number in the first 8 bytes, then bytes of chance.
static Slice payload_make(const BufferModel *model, uint64_t number)
{
	static char bytes[SEGMENT_PAYLOAD_SIZE_MAX];
	size_t size = buffer_model_size(model, number);
	RandomCase random = {model->salt ^ number * 31};
	memcpy(bytes, &number, sizeof number);
	for (size_t i = sizeof number; i < size; i += sizeof number)
	{
		uint64_t word = random_case_next(&random);
		memcpy(bytes + i, &word, size - i < sizeof word ? size - i : sizeof word);
	}
	return (Slice){bytes, size};
}

size_t buffer_model_size(const BufferModel *model, uint64_t number)
{
	RandomCase random = {model->salt + number};
	bool is_usual = random_case_below(&random, 16) != 0;
	return sizeof number + random_case_below(&random, is_usual ? model->size_usual : model->size_max);
}

bool buffer_model_append(BufferModel *model, BufferWriter *writer, Error *error)
{
	uint64_t number = model->appended + 1;
	if (number >= MODEL_FRAMES_MAX)
		breach(model, "the test is too long for the model", number);
	if (!buffer_append(writer, payload_make(model, number), error))
		return false;
	model->appended = number;
	return true;
}

bool buffer_model_sync(BufferModel *model, BufferWriter *writer, Error *error)
{
	bool is_ok = buffer_sync(writer, error);
	for (uint64_t number = model->synced + 1; is_ok && number <= model->appended; number++)
		model->is_certain[number] = true;
	model->synced = model->appended;
	return is_ok;
}

void buffer_model_forget(BufferModel *model)
{
	model->synced = model->appended;
}

static void frame_check(BufferModel *model, Slice payload)
{
	uint64_t number = 0;
	memcpy(&number, payload.data, payload.size < sizeof number ? payload.size : sizeof number);
	if (number == 0 || number > model->appended || !slice_equal(payload, payload_make(model, number)))
		breach(model, "a frame that was never appended", number);
	if (number <= model->read)
		breach(model, "a frame twice or out of order", number);
	model->is_read[number] = true;
	model->read = number;
}

static bool damage_pass(BufferModel *model, const Error *reason)
{
	Error error;
	uint64_t skipped_bytes;
	if (reason->code != ERROR_CORRUPT || !buffer_reader_skip(model->reader, &skipped_bytes, &error))
		return false;
	model->skipped_bytes += skipped_bytes;
	model->skips++;
	return true;
}

void buffer_model_read(BufferModel *model, const BufferOptions *options, uint64_t count, bool may_skip)
{
	Error error;
	if (model->reader == NULL && !buffer_reader_open(model->folder, options, model->position, &model->reader, &error))
	{
		if (error.code == ERROR_NOT_FOUND)
			return; // no stream yet
		breach(model, error.message, 0);
	}
	bool has_frame = true;
	for (uint64_t i = 0; i < count && has_frame; i++)
	{
		Slice payload;
		if (!buffer_read(model->reader, &payload, &has_frame, &error))
		{
			if (!may_skip || !damage_pass(model, &error))
				breach(model, error.message, model->read + 1);
			has_frame = true;
			continue;
		}
		if (has_frame)
			frame_check(model, payload);
		model->position = buffer_reader_position(model->reader);
	}
}

void buffer_model_check_undamaged(const BufferModel *model, const BufferOptions *options)
{
	static BufferModel again;
	again = *model;
	again.reader = NULL;
	again.position = (BufferPosition){0};
	again.read = 0;
	buffer_model_read(&again, options, UINT64_MAX, false);
	buffer_model_end(&again);
}

void buffer_model_check_complete(const BufferModel *model)
{
	for (uint64_t number = 1; number <= model->appended; number++)
		if (model->is_certain[number] && !model->is_read[number])
			breach(model, "a durable frame did not come out", number);
}
