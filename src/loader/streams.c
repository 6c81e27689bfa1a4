// Sessions for hits that brought none. A *stream* is what one person does on one browser. Hits that simply go on where the
// stream stands get their session here, before they are stored; those of any other stream of the batch get a session of
// their own for the moment and are made anew behind the COPY (remake.c).
#include "loader/load.h"

#include "loader/context.h"
#include "sql/sql.h"

#include <stdlib.h>

typedef struct Stream {
	BatchHit **hits; // sorted by id, which is by time
	size_t count;
	ChainPrior prior;
	int32_t prior_views;
	bool is_late; // not simply behind what is stored
} Stream;

static int64_t browser_of(const BatchHit *hit)
{
	return hit->hit.anonymous_id == HIT_NONE ? 0 : hit->hit.anonymous_id;
}

static int stream_hit_compare(const void *left, const void *right)
{
	const BatchHit *a = *(BatchHit *const *) left;
	const BatchHit *b = *(BatchHit *const *) right;
	if (a->person_id != b->person_id)
		return a->person_id < b->person_id ? -1 : 1;
	if (browser_of(a) != browser_of(b))
		return browser_of(a) < browser_of(b) ? -1 : 1;
	int by_id = uuid_compare(a->hit.id, b->hit.id);
	return by_id != 0 ? by_id : (int) (b->hit.type == HIT_PAGE) - (int) (a->hit.type == HIT_PAGE);
}

static bool is_same_stream(const BatchHit *left, const BatchHit *right)
{
	return left->person_id == right->person_id && browser_of(left) == browser_of(right);
}

// Gives hits with a client's session their part of it, collects the others by stream.
static bool streams_collect(Load *load, Stream **streams, size_t *count, Error *error)
{
	BatchHit **hits = ARENA_ARRAY(load->arena, BatchHit *, load->batch->count + 1);
	*streams = ARENA_ARRAY(load->arena, Stream, load->batch->count + 1);
	*count = 0;
	if (hits == NULL || *streams == NULL)
		return load_no_memory(error);
	size_t hit_count = 0;
	for (size_t at = 0; at < load->batch->count; at++)
	{
		BatchHit *hit = &load->batch->hits[at];
		if (!batch_hit_is_row(hit))
			continue;
		if (batch_hit_has_session(hit))
		{
			int64_t part = chain_client_part(hit->hit.session_id, hit_time_ms(&hit->hit), &load->rules);
			hit->session_id = chain_client_part_id(hit->hit.session_id, part, &load->rules);
			hit->sequence = hit->hit.type == HIT_PAGE ? (int32_t) hit->hit.sequence : 0;
			continue;
		}
		hit->context_id = context_id(&hit->hit);
		hits[hit_count++] = hit;
	}
	qsort(hits, hit_count, sizeof *hits, stream_hit_compare);
	for (size_t at = 0; at < hit_count; at++)
	{
		if (at == 0 || !is_same_stream(hits[at], hits[at - 1]))
			(*streams)[(*count)++] = (Stream){.hits = hits + at, .prior = {.browser = browser_of(hits[at])}};
		(*streams)[*count - 1].count++;
	}
	return true;
}

static void prior_read(const PgResult *result, int row, const Load *load, Stream *stream)
{
	if (stream->prior.is_given) // a second session so near
	{
		stream->is_late = true;
		return;
	}
	ChainPrior *prior = &stream->prior;
	prior->is_given = true;
	prior->is_part_open = true;
	(void) pg_uuid(result, row, 1, &prior->part_id);
	prior->part_started_ms = pg_int64(result, row, 2);
	prior->last_activity_ms = pg_int64(result, row, 3);
	prior->run_started_ms = pg_is_null(result, row, 4) ? prior->part_started_ms : pg_int64(result, row, 4);
	stream->prior_views = (int32_t) pg_int64(result, row, 5);
	(void) pg_uuid(result, row, 6, &prior->part_first_hit_id);
	bool has_leaves = pg_bool(result, row, 7);
	int64_t part = (prior->part_started_ms - prior->run_started_ms) / load->rules.session_max_ms;
	int64_t part_end_ms = prior->run_started_ms + (part + 1) * load->rules.session_max_ms;
	bool is_cut = prior->last_activity_ms >= part_end_ms; // a leave may have carried the run on unseen
	if (has_leaves || is_cut || hit_time_ms(&stream->hits[0]->hit) <= prior->last_activity_ms)
		stream->is_late = true;
}

// What stands near the hits of each stream.
static bool priors_read(Load *load, Stream *streams, size_t count, Error *error)
{
	int64_t *persons = ARENA_ARRAY(load->arena, int64_t, count + 1);
	int64_t *browsers = ARENA_ARRAY(load->arena, int64_t, count + 1);
	int64_t *from_ms = ARENA_ARRAY(load->arena, int64_t, count + 1);
	int64_t *to_ms = ARENA_ARRAY(load->arena, int64_t, count + 1);
	if (persons == NULL || browsers == NULL || from_ms == NULL || to_ms == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < count; at++)
	{
		const Stream *stream = &streams[at];
		persons[at] = stream->hits[0]->person_id;
		browsers[at] = browser_of(stream->hits[0]);
		from_ms[at] = hit_time_ms(&stream->hits[0]->hit);
		to_ms[at] = hit_time_ms(&stream->hits[stream->count - 1]->hit);
	}
	PgParam params[] = {pg_param_int64_array(load->arena, persons, count),
		pg_param_int64_array(load->arena, browsers, count), pg_param_int64_array(load->arena, from_ms, count),
		pg_param_int64_array(load->arena, to_ms, count), param_int64(load, load->rules.timeout_ms)};
	PgResult *result = NULL;
	if (!pg_query(load->conn, sql_loader_streams_latest, params, 5, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result); row++)
		prior_read(result, row, load, &streams[pg_int64(result, row, 0) - 1]);
	pg_result_free(result);
	return true;
}

static bool stream_mark_late(Load *load, Stream *stream, Error *error)
{
	for (size_t at = 0; at < stream->count; at++)
	{
		BatchHit *hit = stream->hits[at];
		hit->session_id = chain_session_id(hit->hit.id, browser_of(hit));
		hit->sequence = 1;
		if (!uuid_set_add(&load->remake, load->arena, hit->session_id, error))
			return false;
	}
	return true;
}

static bool stream_continue(Load *load, Stream *stream, Error *error)
{
	ChainPoint *points = ARENA_ARRAY(load->arena, ChainPoint, stream->count);
	ChainPart *parts = ARENA_ARRAY(load->arena, ChainPart, stream->count + 1);
	if (points == NULL || parts == NULL)
		return load_no_memory(error);
	for (size_t at = 0; at < stream->count; at++)
		points[at] = (ChainPoint){.time_ms = hit_time_ms(&stream->hits[at]->hit),
			.id = stream->hits[at]->hit.id,
			.is_view = stream->hits[at]->hit.type == HIT_PAGE};
	int64_t run_last_ms = 0;
	size_t count = chain_make(points, stream->count, &stream->prior, &load->rules, parts, &run_last_ms);
	uint32_t part = UINT32_MAX;
	int32_t views = 0;
	for (size_t at = 0; at < stream->count; at++)
	{
		if (points[at].part != part)
		{
			part = points[at].part;
			views = parts[part].is_prior ? stream->prior_views : 0;
		}
		if (points[at].is_view)
			views++;
		stream->hits[at]->session_id = parts[part].id;
		stream->hits[at]->sequence = points[at].is_view ? views : 0;
	}
	const BatchHit *first = stream->hits[0];
	for (size_t at = 0; at < count; at++)
	{
		Uuid context = parts[at].is_prior ? (Uuid){{0}} : stream->hits[parts[at].first_point]->context_id;
		if (!load_add_made(load, &parts[at], first->person_id, browser_of(first), context, error))
			return false;
	}
	return true;
}

bool streams_assign(Load *load, Error *error)
{
	Stream *streams = NULL;
	size_t count = 0;
	if (!streams_collect(load, &streams, &count, error))
		return false;
	if (count == 0)
		return true;
	// Rows that have just moved stand in sessions that are yet to be made anew: what is stored is not the last word.
	bool is_moving = load->remake.count > 0;
	if (!is_moving && !priors_read(load, streams, count, error))
		return false;
	for (size_t at = 0; at < count; at++)
	{
		bool is_late = is_moving || streams[at].is_late;
		if (!(is_late ? stream_mark_late(load, &streams[at], error) : stream_continue(load, &streams[at], error)))
			return false;
	}
	return true;
}
