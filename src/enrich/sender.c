#include "enrich/sender.h"

#include "enrich/hints.h"

static bool contains_word(Slice text, const char *word)
{
	Slice wanted = slice_from(word);
	for (size_t i = 0; i + wanted.size <= text.size; i++)
		if (slice_equal_ignoring_case(slice_sub(text, i, i + wanted.size), wanted))
			return true;
	return false;
}

static bool is_prefetch(const EnrichInput *raw)
{
	const Slice headers[] = {raw->sec_purpose, raw->purpose, raw->x_purpose, raw->x_moz};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (contains_word(headers[i], "prefetch") || contains_word(headers[i], "preview")
			|| contains_word(headers[i], "prerender"))
			return true;
	return false;
}

// What else than the user agent gives a robot away; NULL where nothing.
static const char *other_robot_kind(const EnrichInput *raw, Slice user_agent)
{
	const char *kind = hints_robot_kind(&raw->hints);
	if (kind == NULL && raw->is_webdriver)
		kind = "webdriver";
	if (kind == NULL && is_prefetch(raw))
		kind = "prefetch";
	if (kind == NULL && raw->is_log_line && raw->user_agent.data != NULL && user_agent.size == 0)
		kind = "no user agent";
	return kind;
}

bool sender_enrich(Agents *agents, const EnrichInput *raw, Arena *arena, Hit *hit, Error *error)
{
	Agent agent;
	Slice user_agent = slice_trim(raw->user_agent);
	hit->user_agent = user_agent.size > 0 ? user_agent : SLICE_NONE;
	if (!agents_find(agents, user_agent, arena, &agent, error))
		return false;
	const char *kind = agent.robot_kind != NULL ? agent.robot_kind : other_robot_kind(raw, user_agent);
	hit->robot_kind = slice_from(kind);
	if (kind != NULL)
		trace_note(raw->trace, "agent", "a robot: %s",
			agent.robot_kind != NULL ? "its user agent says so"
									 : "its hints or headers say so, or it has no user agent");
	if (kind != NULL || (hit->type != HIT_PAGE && hit->type != HIT_EVENT))
		return true;
	hints_apply(&raw->hints, agents, &agent);
	hit->device_type = slice_from(agent.device_type == NULL ? "unknown" : agent.device_type);
	hit->browser = agent.browser;
	hit->browser_version = agent.browser_version;
	hit->os = agent.os;
	hit->os_version = agent.os_version;
	return true;
}
