#include "report/moment.h"

#include "base/clock.h"

#include <stdio.h>

#define DATE_SIZE 10

static bool has_offset(Slice text)
{
	for (size_t at = DATE_SIZE; at < text.size; at++)
	{
		char byte = text.data[at];
		if (byte == 'Z' || byte == 'z' || byte == '+' || byte == '-')
			return true;
	}
	return false;
}

bool report_moment_parse(Slice text, ReportMoment *moment)
{
	int64_t time_ms = 0;
	if (!clock_parse_iso8601(text, &time_ms) || time_ms < 0)
		return false;
	char iso[CLOCK_ISO8601_SIZE];
	clock_format_iso8601(time_ms, iso);
	if (text.size == DATE_SIZE)
	{
		*moment = (ReportMoment){.kind = REPORT_MOMENT_DATE};
		(void) snprintf(moment->text, sizeof moment->text, "%.10s", iso);
		return true;
	}
	bool is_instant = has_offset(text);
	*moment = (ReportMoment){.kind = is_instant ? REPORT_MOMENT_INSTANT : REPORT_MOMENT_LOCAL};
	// Without the Z: a local time has none.
	(void) snprintf(moment->text, sizeof moment->text, "%.*s", CLOCK_ISO8601_SIZE - (is_instant ? 1 : 2), iso);
	return true;
}
