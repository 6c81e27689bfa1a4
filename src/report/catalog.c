#include "report/catalog.h"

static const Report *const reports[] = {&report_overview, &report_sessions_daily, &report_pages_hourly, &report_pages,
	&report_breakdown, &report_attribution, &report_events, &report_transitions, &report_paths, &report_funnel,
	&report_retention, &report_heatmap, &report_live, &report_sessions, &report_session, &report_person,
	&report_traits};

const Report *report_at(size_t index)
{
	return index < sizeof reports / sizeof reports[0] ? reports[index] : NULL;
}

const Report *report_find(Slice name)
{
	for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++)
		if (slice_equal_text(name, reports[i]->name))
			return reports[i];
	return NULL;
}
