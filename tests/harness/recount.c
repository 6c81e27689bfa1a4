#include "harness/recount.h"

#include <stdlib.h>

static int64_t recount_person(const Case *made, const Hit *hit)
{
	if (hit->user_id != HIT_NONE)
		return hit->user_id;
	const Hit *before = NULL;
	const Hit *first = NULL;
	for (size_t at = 0; at < made->count; at++)
	{
		const Hit *other = &made->hits[at];
		int64_t browser = other->previous_id != HIT_NONE ? other->previous_id : other->anonymous_id;
		if (other->type != HIT_IDENTIFY || browser != hit->anonymous_id)
			continue;
		if (uuid_compare(other->id, hit->id) <= 0 && (before == NULL || uuid_compare(before->id, other->id) < 0))
			before = other;
		if (first == NULL || uuid_compare(other->id, first->id) < 0)
			first = other;
	}
	return before != NULL ? before->user_id : first != NULL ? first->user_id : hit->anonymous_id;
}

static bool is_row(const Hit *hit)
{
	return hit->robot_kind.data == NULL && (hit->type == HIT_PAGE || hit->type == HIT_EVENT);
}

static const Hit *view_of(const Case *made, const Hit *leave)
{
	for (size_t at = 0; at < made->count; at++)
	{
		if (is_row(&made->hits[at]) && made->hits[at].type == HIT_PAGE
			&& uuid_compare(made->hits[at].id, leave->page_view_id) == 0)
			return &made->hits[at];
	}
	return NULL;
}

static int64_t client_part(const Hit *hit)
{
	int64_t age_ms = hit_time_ms(hit) - uuid7_time_ms(hit->session_id);
	return age_ms < 0 ? 0 : age_ms / SESSION_MAX_MS;
}

// Latest activity of a client's session's part: views and events, then leaves of its views as far as they reach.
static int64_t client_last_ms(const Case *made, const Hit *of)
{
	int64_t started_ms = uuid7_time_ms(of->session_id) + client_part(of) * SESSION_MAX_MS;
	int64_t last_ms = started_ms;
	for (size_t at = 0; at < made->count; at++)
	{
		const Hit *hit = &made->hits[at];
		if (is_row(hit) && uuid_compare(hit->session_id, of->session_id) == 0 && client_part(hit) == client_part(of)
			&& hit_time_ms(hit) > last_ms)
			last_ms = hit_time_ms(hit);
	}
	for (bool is_moving = true; is_moving;)
	{
		is_moving = false;
		for (size_t at = 0; at < made->count; at++)
		{
			const Hit *leave = &made->hits[at];
			const Hit *view = leave->type == HIT_LEAVE ? view_of(made, leave) : NULL;
			if (view == NULL || uuid_compare(view->session_id, of->session_id) != 0
				|| client_part(view) != client_part(of))
				continue;
			int64_t left_ms = hit_time_ms(leave);
			if (left_ms > started_ms + SESSION_MAX_MS)
				left_ms = started_ms + SESSION_MAX_MS;
			if (left_ms > last_ms && left_ms - last_ms <= TIMEOUT_MS)
			{
				last_ms = left_ms;
				is_moving = true;
			}
		}
	}
	return last_ms;
}

static Counted *counted_find(Recount *recount, Uuid client_id, int64_t person, int64_t started_ms)
{
	for (size_t at = 0; at < recount->count; at++)
	{
		const Counted *counted = &recount->sessions[at];
		if (uuid_compare(counted->client_id, client_id) == 0 && counted->person == person
			&& counted->started_ms == started_ms)
			return &recount->sessions[at];
	}
	return NULL;
}

static void recount_clients(Recount *recount)
{
	for (size_t at = 0; at < recount->made->count; at++)
	{
		const Hit *hit = &recount->made->hits[at];
		if (!is_row(hit) || uuid_is_nil(hit->session_id))
			continue;
		int64_t started_ms = uuid7_time_ms(hit->session_id) + client_part(hit) * SESSION_MAX_MS;
		Counted *counted = counted_find(recount, hit->session_id, recount->person[at], started_ms);
		if (counted == NULL)
		{
			counted = &recount->sessions[recount->count++];
			*counted = (Counted){.client_id = hit->session_id,
				.person = recount->person[at],
				.started_ms = started_ms,
				.last_ms = client_last_ms(recount->made, hit)};
		}
		counted->views += hit->type == HIT_PAGE;
		counted->events += hit->type == HIT_EVENT;
	}
}

typedef struct Moment {
	int64_t person;
	int64_t browser;
	int64_t time_ms;
	int64_t viewed_ms;
	bool is_leave;
	bool is_view;
} Moment;

static int moment_compare(const void *left, const void *right)
{
	const Moment *a = left;
	const Moment *b = right;
	int64_t keys_a[] = {a->person, a->browser, a->time_ms, a->is_leave};
	int64_t keys_b[] = {b->person, b->browser, b->time_ms, b->is_leave};
	for (size_t at = 0; at < 4; at++)
	{
		if (keys_a[at] != keys_b[at])
			return keys_a[at] < keys_b[at] ? -1 : 1;
	}
	return 0;
}

static size_t moments_make(const Recount *recount, Moment *moments)
{
	size_t count = 0;
	for (size_t at = 0; at < recount->made->count; at++)
	{
		const Hit *hit = &recount->made->hits[at];
		const Hit *view = hit->type == HIT_LEAVE ? view_of(recount->made, hit) : NULL;
		const Hit *row = is_row(hit) ? hit : view;
		if (row == NULL || !uuid_is_nil(row->session_id))
			continue;
		moments[count++] = (Moment){.person = recount->person[row - recount->made->hits],
			.browser = row->anonymous_id == HIT_NONE ? 0 : row->anonymous_id,
			.time_ms = hit_time_ms(hit),
			.viewed_ms = hit_time_ms(row),
			.is_leave = hit->type == HIT_LEAVE,
			.is_view = hit->type == HIT_PAGE};
	}
	qsort(moments, count, sizeof *moments, moment_compare);
	return count;
}

static void recount_streams(Recount *recount)
{
	Moment moments[HITS_MAX] = {0};
	size_t count = moments_make(recount, moments);
	int64_t run_ms = 0;
	int64_t active_ms = 0;
	Counted *session = NULL;
	for (size_t at = 0; at < count; at++)
	{
		const Moment *now = &moments[at];
		bool is_stream = at > 0 && moments[at - 1].person == now->person && moments[at - 1].browser == now->browser;
		if (!is_stream)
			session = NULL;
		bool is_near = session != NULL && now->time_ms - active_ms <= TIMEOUT_MS;
		if (now->is_leave)
		{
			if (!is_near || now->viewed_ms < run_ms || now->viewed_ms > now->time_ms)
				continue;
			active_ms = now->time_ms > active_ms ? now->time_ms : active_ms;
			int64_t end_ms = run_ms + ((session->started_ms - run_ms) / SESSION_MAX_MS + 1) * SESSION_MAX_MS;
			int64_t last_ms = now->time_ms < end_ms ? now->time_ms : end_ms;
			session->last_ms = last_ms > session->last_ms ? last_ms : session->last_ms;
			continue;
		}
		if (!is_near)
			run_ms = now->time_ms;
		if (!is_near || (now->time_ms - run_ms) / SESSION_MAX_MS != (session->started_ms - run_ms) / SESSION_MAX_MS)
		{
			session = &recount->sessions[recount->count++];
			*session = (Counted){.person = now->person, .started_ms = now->time_ms};
		}
		active_ms = now->time_ms;
		session->last_ms = now->time_ms;
		session->views += now->is_view;
		session->events += !now->is_view;
	}
}

static int counted_compare(const void *left, const void *right)
{
	const Counted *a = left;
	const Counted *b = right;
	int64_t keys_a[] = {a->person, a->started_ms, a->last_ms, a->views, a->events};
	int64_t keys_b[] = {b->person, b->started_ms, b->last_ms, b->views, b->events};
	for (size_t at = 0; at < 5; at++)
	{
		if (keys_a[at] != keys_b[at])
			return keys_a[at] < keys_b[at] ? -1 : 1;
	}
	return 0;
}

void recount_make(const Case *made, Recount *recount)
{
	*recount = (Recount){.made = made};
	for (size_t at = 0; at < made->count; at++)
		recount->person[at] = is_row(&made->hits[at]) ? recount_person(made, &made->hits[at]) : 0;
	recount_clients(recount);
	recount_streams(recount);
	qsort(recount->sessions, recount->count, sizeof recount->sessions[0], counted_compare);
}
