#include "enrich/click_id.h"

const DataClickId *click_id_find(Slice parameter)
{
	for (const DataClickId *click = data_click_ids; parameter.size > 0 && click->parameter != NULL; click++)
		if (slice_equal_ignoring_case(parameter, slice_from(click->parameter)))
			return click;
	return NULL;
}

bool click_id_of(const Query *query, Slice *type, Slice *id)
{
	for (const DataClickId *click = data_click_ids; query->count > 0 && click->parameter != NULL; click++)
	{
		*id = query_get(query, click->parameter);
		if (id->size == 0)
			continue;
		*type = slice_from(click->parameter);
		return true;
	}
	return false;
}
