#include "report/definition.h"

const char *report_parameter_name(ReportParameter parameter)
{
	static const char *const names[] = {
#define X(constant, name, meaning) [constant] = (name),
		REPORT_PARAMETERS(X)
#undef X
	};
	return names[parameter];
}

const char *report_parameter_meaning(ReportParameter parameter)
{
	static const char *const meanings[] = {
#define X(constant, name, meaning) [constant] = (meaning),
		REPORT_PARAMETERS(X)
#undef X
	};
	return meanings[parameter];
}

const char *report_type_name(ReportType type)
{
	static const char *const names[] = {
		[REPORT_TEXT] = "text",
		[REPORT_DATE] = "date",
		[REPORT_INTEGER] = "integer",
		[REPORT_DECIMAL] = "decimal",
	};
	return names[type];
}
