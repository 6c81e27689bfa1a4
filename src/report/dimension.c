#include "report/dimension.h"

static const ReportDimension dimensions[] = {
#define X(name, column, is_page) {name, column, is_page},
	REPORT_DIMENSIONS(X)
#undef X
};

const char *const report_dimension_names[] = {
#define X(name, column, is_page) name,
	REPORT_DIMENSIONS(X)
#undef X
		NULL,
};

const ReportDimension *report_dimension_find(Slice name)
{
	for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; i++)
		if (slice_equal_text(name, dimensions[i].name))
			return &dimensions[i];
	return NULL;
}
