#include "service/rollup_options.h"

RollupOptions service_rollup_options(const Settings *settings)
{
	return (RollupOptions){.schema = settings->database_schema,
		.timezone = settings->timezone,
		.pages_max = settings->rollup_pages_max};
}
