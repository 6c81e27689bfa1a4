// Every report there is.
#pragma once
#include "base/slice.h"
#include "report/definition.h"

extern const Report report_overview;
extern const Report report_sessions_daily;
extern const Report report_pages_hourly;
extern const Report report_pages;
extern const Report report_breakdown;
extern const Report report_attribution;
extern const Report report_events;
extern const Report report_transitions;
extern const Report report_paths;
extern const Report report_funnel;
extern const Report report_funnel_dropped;
extern const Report report_retention;
extern const Report report_heatmap;
extern const Report report_live;
extern const Report report_sessions;
extern const Report report_session;
extern const Report report_person;
extern const Report report_profile;
extern const Report report_traits;
extern const Report report_goals;
extern const Report report_jobs;
extern const Report report_quality;
extern const Report report_ingest;
extern const Report report_storage;
extern const Report report_archive;

// By index, for lists; NULL past the last.
const Report *report_at(size_t index);
const Report *report_find(Slice name); // NULL where there is none
// By where the API gives it, as in pages or sessions/ID; *id is that, or SLICE_NONE.
const Report *report_find_path(Slice path, Slice *id);
