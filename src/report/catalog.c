#include "report/catalog.h"

static const Report *const reports[] = {&report_overview, &report_sessions_daily, &report_pages_hourly, &report_pages,
	&report_breakdown, &report_attribution, &report_events, &report_transitions, &report_paths, &report_funnel,
	&report_funnel_dropped, &report_retention, &report_heatmap, &report_live, &report_sessions, &report_session,
	&report_person, &report_profile, &report_traits, &report_goals, &report_jobs, &report_quality, &report_ingest,
	&report_storage, &report_archive};

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

static Slice id_in(Slice path, const char *collection)
{
	Slice name = slice_from(collection);
	bool is_inside = slice_starts_with(path, name) && path.size > name.size + 1 && path.data[name.size] == '/';
	Slice id = is_inside ? slice_sub(path, name.size + 1, path.size) : SLICE_NONE;
	return slice_find(id, '/', 0) == id.size ? id : SLICE_NONE;
}

const Report *report_find_path(Slice path, Slice *id)
{
	const Report *found = NULL;
	*id = SLICE_NONE;
	for (size_t i = 0; (found = report_at(i)) != NULL; i++)
		if (found->collection == NULL && slice_equal_text(path, found->name))
			return found; // sessions/daily is no session
	for (size_t i = 0; (found = report_at(i)) != NULL; i++)
	{
		*id = found->collection == NULL ? SLICE_NONE : id_in(path, found->collection);
		if (id->size > 0)
			return found;
	}
	return NULL;
}
