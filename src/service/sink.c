#include "service/sink.h"

void sink_init(Sink *sink, const Enricher *enricher, BufferWriter *writer)
{
	*sink = (Sink){.enricher = enricher, .writer = writer};
	buf_init(&sink->encoded, HIT_ENCODED_SIZE_MAX);
}

void sink_free(Sink *sink)
{
	buf_free(&sink->encoded);
}

static EnrichInput input_of(const IntakeMessage *message)
{
	return (EnrichInput){
		.user_id = message->user_id,
		.anonymous_id = message->anonymous_id,
		.previous_id = message->previous_id,
		.ip = message->ip,
		.user_agent = message->user_agent,
		.page_url = message->page_url,
		.page_path = message->page_path,
		.page_search = message->page_search,
		.page_title = message->page_title,
		.own_host = message->own_host,
		.referrer = message->referrer,
		.campaign_source = message->campaign_source,
		.campaign_medium = message->campaign_medium,
		.campaign_name = message->campaign_name,
		.campaign_term = message->campaign_term,
		.campaign_content = message->campaign_content,
		.sec_purpose = message->sec_purpose,
		.purpose = message->purpose,
		.x_purpose = message->x_purpose,
		.x_moz = message->x_moz,
	};
}

bool sink_take(void *context, IntakeMessage *message, Error *error)
{
	Sink *sink = context;
	const EnrichInput raw = input_of(message);
	if (!enrich_hit(sink->enricher, &raw, message->arena, &message->hit, error))
		return false;
	buf_reset(&sink->encoded);
	hit_encode(&message->hit, &sink->encoded);
	if (!buf_is_ok(&sink->encoded))
		return error_set(error, ERROR_TOO_LARGE, "the hit is larger than %zu bytes", HIT_ENCODED_SIZE_MAX);
	return buffer_append(sink->writer, buf_slice(&sink->encoded), error);
}
