#include "service/sink.h"

#include "base/log.h"
#include "service/message_enrich.h"

void sink_init(Sink *sink, const Enricher *enricher, BufferWriter *writer, uint64_t buffer_bytes_max)
{
	*sink = (Sink){.enricher = enricher, .writer = writer, .buffer_bytes_max = buffer_bytes_max};
	buf_init(&sink->encoded, HIT_ENCODED_SIZE_MAX);
}

void sink_free(Sink *sink)
{
	buf_free(&sink->encoded);
}

bool sink_take(void *context, IntakeMessage *message, Error *error)
{
	Sink *sink = context;
	if (!message_enrich(sink->enricher, message, NULL, error))
		return false;
	buf_reset(&sink->encoded);
	hit_encode(&message->hit, &sink->encoded);
	if (!buf_is_ok(&sink->encoded))
		return error_set(error, ERROR_TOO_LARGE, "the hit is larger than %zu bytes", HIT_ENCODED_SIZE_MAX);
	if (buffer_append(sink->writer, buf_slice(&sink->encoded), error))
		return true;
	log_error("collector.append_failed", error); // a full buffer or disk too: whoever runs it must hear of it
	return false;
}

ShareRoom sink_look(void *context)
{
	const Sink *sink = context;
	buffer_writer_look(sink->writer);
	return (ShareRoom){.appended_bytes = buffer_appended_bytes(sink->writer),
		.waiting_bytes = buffer_unloaded_bytes(sink->writer),
		.bytes_max = sink->buffer_bytes_max};
}
