// Where accepted messages go: enriched, so that nothing that must not reach disk is left, then encoded, then into the buffer.
#pragma once
#include "buffer/buffer.h"
#include "enrich/enrich.h"
#include "intake/message.h"
#include "intake/share.h"

typedef struct Sink {
	const Enricher *enricher;
	BufferWriter *writer;
	uint64_t buffer_bytes_max;
	Buf encoded;
} Sink;

void sink_init(Sink *sink, const Enricher *enricher, BufferWriter *writer, uint64_t buffer_bytes_max);
void sink_free(Sink *sink);
// An IntakeTake (context is the Sink). What was taken is durable after the next buffer_sync of the writer.
bool sink_take(void *sink, IntakeMessage *message, Error *error) MUST_USE;
// A PressureLook (context is the Sink).
ShareRoom sink_look(void *context);
