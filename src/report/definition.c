#include "report/definition.h"

const ReportArgument *report_argument(const Report *report, ReportParameter parameter)
{
	for (size_t i = 0; i < report->argument_count; i++)
		if (report->arguments[i].parameter == parameter)
			return &report->arguments[i];
	return NULL;
}

bool report_takes(const Report *report, ReportParameter parameter)
{
	return (report->parameters & REPORT_TAKES(parameter)) != 0 || report_argument(report, parameter) != NULL;
}

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
	static const char *const names[REPORT_TYPE_COUNT] = {
		[REPORT_TEXT] = "text",
		[REPORT_ID] = "id",
		[REPORT_DATE] = "date",
		[REPORT_INSTANT] = "instant",
		[REPORT_INTEGER] = "integer",
		[REPORT_DECIMAL] = "decimal",
		[REPORT_BOOLEAN] = "boolean",
		[REPORT_JSON] = "json",
	};
	return names[type];
}

bool report_type_is_number(ReportType type)
{
	return type == REPORT_INTEGER || type == REPORT_DECIMAL;
}
