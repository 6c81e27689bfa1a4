// What a buffer has been given, and what may come out of it: every frame that a sync covered, once and in order; of the
// others any, once and in order; nothing else, with not a bit changed. A breach ends the test with the numbers of the frames.
// The model holds a reader as well, which goes on where it was when it is opened again, as a loader with its ledger.
#pragma once
#include "buffer/buffer.h"
#include "harness/random_case.h"

#define MODEL_FRAMES_MAX 16384U

typedef struct BufferModel {
	const char *folder;
	uint64_t salt;     // of the payloads
	size_t size_usual; // most payloads are smaller
	size_t size_max;
	uint64_t appended;                 // frames are 1 … appended
	uint64_t synced;                   // the last that was covered by a sync, or told to be lost
	uint64_t read;                     // the last that came out
	bool is_certain[MODEL_FRAMES_MAX]; // covered by a sync
	bool is_read[MODEL_FRAMES_MAX];
	BufferReader *reader;
	BufferPosition position;
	uint64_t skipped_bytes;
	uint64_t skips;
} BufferModel;

void buffer_model_init(BufferModel *model, const char *folder, uint64_t salt);
void buffer_model_end(BufferModel *model); // closes the reader

// Appends the next frame. A refusal goes back to the caller.
bool buffer_model_append(BufferModel *model, BufferWriter *writer, Error *error) MUST_USE;
bool buffer_model_sync(BufferModel *model, BufferWriter *writer, Error *error) MUST_USE;
// The writer died: what was not synced stays uncertain for ever.
void buffer_model_forget(BufferModel *model);

void buffer_model_reader_close(BufferModel *model);
// Reads up to `count` frames, opening the reader where it was last. `may_skip`: damage is passed and counted; otherwise any
// error is a breach.
void buffer_model_read(BufferModel *model, const BufferOptions *options, uint64_t count, bool may_skip);
// Reads all that is left in the folder with another reader, from the first segment there is: nothing of it is damaged.
void buffer_model_check_undamaged(const BufferModel *model, const BufferOptions *options);
// Every certain frame has come out.
void buffer_model_check_complete(const BufferModel *model);
// The size of a frame's payload, and where it stands among them.
size_t buffer_model_size(const BufferModel *model, uint64_t number);
