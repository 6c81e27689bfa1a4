#include "loader/batch.h"

#include <stdlib.h>
#include <string.h>

bool batch_hit_is_live(const BatchHit *hit)
{
	return hit->hit.robot_kind.data == NULL && !hit->is_repeat && !hit->is_refused && !hit->is_erased
		&& !hit->is_denied;
}

bool batch_hit_is_robot(const BatchHit *hit)
{
	return hit->hit.robot_kind.data != NULL && !hit->is_repeat && !hit->is_refused;
}

bool batch_hit_is_row(const BatchHit *hit)
{
	return batch_hit_is_live(hit) && (hit->hit.type == HIT_PAGE || hit->hit.type == HIT_EVENT);
}

bool batch_hit_is_view(const BatchHit *hit)
{
	return batch_hit_is_row(hit) && hit->hit.type == HIT_PAGE;
}

bool batch_hit_has_session(const BatchHit *hit)
{
	return !uuid_is_nil(hit->hit.session_id);
}

const char *batch_hit_problem(const Hit *hit)
{
	if (hit->robot_kind.data != NULL)
		return NULL;
	if (hit->type == HIT_LEAVE)
		return uuid_is_nil(hit->page_view_id) ? "a leave without the view that was left" : NULL;
	if (hit->user_id == HIT_NONE && hit->anonymous_id == HIT_NONE)
		return "neither a person nor a browser";
	if (hit->user_id != HIT_NONE && hit->user_id < 1)
		return "a person's id that is not positive";
	if (hit->anonymous_id != HIT_NONE && hit->anonymous_id > -1)
		return "a browser's id that is not negative";
	if (hit->type == HIT_PAGE && hit->page_url.data == NULL)
		return "a view without a page";
	if (hit->type == HIT_PAGE && !uuid_is_nil(hit->session_id) && (hit->sequence < 1 || hit->sequence > INT32_MAX))
		return "a view in a client's session without its number there";
	return NULL;
}

// With the id beside it: most of sorting needs no more than that.
typedef struct Row {
	Uuid id;
	BatchHit *hit;
} Row;

static int row_compare(const Row *left, const Row *right)
{
	int by_id = uuid_compare(left->id, right->id);
	if (by_id != 0)
		return by_id;
	const BatchHit *a = left->hit;
	const BatchHit *b = right->hit;
	bool is_robot_a = a->hit.robot_kind.data != NULL;
	bool is_robot_b = b->hit.robot_kind.data != NULL;
	if (is_robot_a != is_robot_b)
		return is_robot_a ? 1 : -1;
	if (!is_robot_a && a->hit.type != b->hit.type)
		return a->hit.type < b->hit.type ? -1 : 1;
	if (!is_robot_a && a->person_id != b->person_id)
		return a->person_id < b->person_id ? -1 : 1;
	return 0;
}

// Equal rows keep their order in the batch, so that the first stays.
static int row_compare_stable(const void *left, const void *right)
{
	const Row *a = left;
	const Row *b = right;
	int order = row_compare(a, b);
	if (order != 0)
		return order;
	return a->hit < b->hit ? -1 : a->hit > b->hit ? 1 : 0;
}

bool batch_mark_repeats(Batch *batch, Error *error)
{
	Row *rows = ARENA_ARRAY(batch->arena, Row, batch->count + 1);
	if (rows == NULL)
		return error_set(error, ERROR_MEMORY, "No memory to look for repeats among %zu hits.", batch->count);
	size_t count = 0;
	for (size_t at = 0; at < batch->count; at++)
	{
		BatchHit *hit = &batch->hits[at];
		if (batch_hit_is_row(hit) || batch_hit_is_robot(hit))
			rows[count++] = (Row){hit->hit.id, hit};
	}
	qsort(rows, count, sizeof *rows, row_compare_stable);
	for (size_t at = 1; at < count; at++)
		rows[at].hit->is_repeat = row_compare(&rows[at - 1], &rows[at]) == 0;
	return true;
}
