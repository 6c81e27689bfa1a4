#include "report/dimension.h"

static const ReportDimension dimensions[] = {
#define X(name, column, is_page, heading, meaning) {name, column, is_page, heading, meaning},
	REPORT_DIMENSIONS(X)
#undef X
};

const ReportDimension *report_dimension_at(size_t index)
{
	return index < sizeof dimensions / sizeof dimensions[0] ? &dimensions[index] : NULL;
}

const ReportDimension *report_dimension_find(Slice name)
{
	for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; i++)
		if (slice_equal_text(name, dimensions[i].name))
			return &dimensions[i];
	return NULL;
}
