#include "report/catalog.h"

static const Report *const reports[] = {&report_overview};

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
