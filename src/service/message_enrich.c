#include "service/message_enrich.h"

bool message_enrich(const Enricher *enricher, IntakeMessage *message, Trace *trace, Error *error)
{
	const EnrichInput raw = {
		.user_id = message->user_id,
		.anonymous_id = message->anonymous_id,
		.previous_id = message->previous_id,
		.ip = message->ip,
		.user_agent = message->user_agent,
		.hints = message->hints,
		.is_webdriver = message->is_webdriver,
		.is_team = message->is_team,
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
		.trace = trace,
	};
	return enrich_hit(enricher, &raw, message->arena, &message->hit, error);
}
