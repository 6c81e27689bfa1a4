// Prints what enrichment makes of the user agents of uap-core's test_ua.yaml, for tests in other languages: one a line, as
//   type of device (or "robot") · robot's kind or browser · its version · system · its version · user agent
// with tabs between.
#include "enrich/agents.h"

#include "agent_cases.h"

#include <stdio.h>
#include <string.h>

static void agent_print(const Agent *agent, const char *user_agent)
{
	if (agent->robot_kind != NULL)
		printf("robot\t%s\t\t\t\t%s\n", agent->robot_kind, user_agent);
	else
		printf("%s\t%.*s\t%.*s\t%.*s\t%.*s\t%s\n", agent->device_type == NULL ? "unknown" : agent->device_type,
			SLICE_PRINT(agent->browser), SLICE_PRINT(agent->browser_version), SLICE_PRINT(agent->os),
			SLICE_PRINT(agent->os_version), user_agent);
}

int main(void)
{
	Agents *agents;
	Arena arena;
	Error error = {0};
	arena_init(&arena, 1U << 20U);
	bool is_ok = agents_open(&agents, &error);
	for (const FamilyCase *one = browser_cases; is_ok && one->file != NULL && strcmp(one->file, "test_ua.yaml") == 0;
		 one++)
	{
		Agent agent;
		arena_reset(&arena);
		is_ok = agents_find(agents, slice_from(one->user_agent), &arena, &agent, &error);
		if (is_ok)
			agent_print(&agent, one->user_agent);
	}
	if (!is_ok)
		(void) fprintf(stderr, "%s\n", error.message);
	else
		agents_close(agents);
	arena_free(&arena);
	return is_ok ? 0 : 1;
}
