#include "api/stream.h"

#include "api/internal.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/stream.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>

#define STREAMS_MAX 100
#define ARENA_SIZE_MAX ((size_t) 16 << 20U)
#define TEXT_SIZE_MAX 65536
#define BEAT_TICKS 15 // so that nobody in between takes the stream for dead, and who has left is noticed
#define FIRST_LOOK_MS (10 * CLOCK_SECOND_MS)
#define NUMBER_SIZE 24

void api_streams_init(ApiStreams *streams, struct Api *api)
{
	*streams = (ApiStreams){.api = api};
	arena_init(&streams->arena, ARENA_SIZE_MAX);
	for (size_t i = 0; i < API_SENT_MAX; i++)
		buf_init(&streams->sent[i].text, TEXT_SIZE_MAX);
}

void api_streams_free(ApiStreams *streams)
{
	for (size_t i = 0; i < API_SENT_MAX; i++)
		buf_free(&streams->sent[i].text);
	arena_free(&streams->arena);
}

// ── What was sent ──

static const ApiSent *sent_at(const ApiStreams *streams, size_t place)
{
	return &streams->sent[(streams->oldest + place) % API_SENT_MAX];
}

static bool is_sent(const ApiStreams *streams, Uuid id)
{
	for (size_t i = 0; i < streams->sent_count; i++)
		if (uuid_compare(sent_at(streams, i)->id, id) == 0)
			return true;
	return false;
}

static void sent_keep(ApiStreams *streams, const ApiMoment *moment)
{
	ApiSent *place = &streams->sent[(streams->oldest + streams->sent_count) % API_SENT_MAX];
	if (streams->sent_count == API_SENT_MAX)
		streams->oldest = (streams->oldest + 1) % API_SENT_MAX;
	else
		streams->sent_count++;
	place->ms = moment->ms;
	place->id = moment->id;
	buf_reset(&place->text);
	buf_append_slice(&place->text, moment->text);
}

// ── Looking ──

static bool moment_read(ApiStreams *streams, const PgResult *result, int row, Error *error)
{
	ApiMoment *moment = &streams->found[streams->found_count];
	char id[UUID_TEXT_SIZE];
	if (!pg_uuid(result, row, 0, &moment->id))
		return true;
	moment->ms = pg_int64(result, row, 1);
	uuid_format(moment->id, id);
	Slice data = pg_text(result, row, 2);
	moment->text =
		arena_format(&streams->arena, "id: %" PRId64 "-%s\ndata: %.*s\n\n", moment->ms, id, SLICE_PRINT(data));
	if (moment->text.data == NULL)
		return error_set(error, ERROR_TOO_LARGE, "more happens at once than a stream can take");
	streams->found_count += moment->text.size <= TEXT_SIZE_MAX ? 1 : 0;
	return true;
}

static bool look(PgConn *conn, void *context, Error *error)
{
	ApiStreams *streams = context;
	char since[NUMBER_SIZE];
	char most[NUMBER_SIZE];
	PgResult *result = NULL;
	bool is_ok = true;
	(void) snprintf(since, sizeof since, "%" PRId64, streams->since_ms);
	(void) snprintf(most, sizeof most, "%d", API_MOMENTS_MAX);
	const PgParam params[] = {pg_param(since), pg_param(most)};
	streams->found_count = 0;
	arena_reset(&streams->arena);
	if (!pg_query_planned(conn, sql_api_stream_events, params, 2, &result, error))
		return false;
	for (int row = 0; row < pg_rows(result) && row < API_MOMENTS_MAX && is_ok; row++)
		is_ok = moment_read(streams, result, row, error);
	pg_result_free(result);
	return is_ok;
}

static ApiStreams *streams_of(ApiJob *job)
{
	return (ApiStreams *) job; // its first member
}

static void job_run(ApiJob *job, ApiWorker *worker)
{
	Error error;
	if (api_database_call(&worker->database, look, streams_of(job), &error))
		return;
	streams_of(job)->found_count = 0;
	log_error("api.stream_failed", &error);
}

// ── Sending ──

static void stream_unlist(ApiStreams *streams, const ApiCall *call)
{
	ApiCall **at = &streams->first;
	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	streams->count--;
}

static void all_send(ApiStreams *streams, Slice text)
{
	for (ApiCall *call = streams->first, *next = NULL; call != NULL; call = next)
	{
		next = call->next;
		if (http_stream_send(call->request, text))
			continue;
		stream_unlist(streams, call);
		http_stream_end(call->request);
		api_call_end(call);
	}
}

static void job_done(ApiJob *job, bool is_closed)
{
	ApiStreams *streams = streams_of(job);
	streams->is_looking = false;
	for (size_t i = 0; i < streams->found_count && !is_closed; i++)
	{
		const ApiMoment *moment = &streams->found[i];
		if (is_sent(streams, moment->id))
			continue;
		all_send(streams, moment->text);
		sent_keep(streams, moment);
		streams->since_ms = moment->ms > streams->since_ms ? moment->ms : streams->since_ms;
	}
}

void api_streams_tick(void *context)
{
	ApiStreams *streams = context;
	Error error;
	if (streams->first == NULL)
		return;
	if (++streams->ticks % BEAT_TICKS == 0)
		all_send(streams, SLICE_LITERAL(":\n\n"));
	if (streams->is_looking || streams->first == NULL)
		return;
	streams->job.run = job_run;
	streams->job.done = job_done;
	streams->is_looking = api_pool_submit(streams->api->reports.pool, &streams->job, &error);
}

// ── A stream ──

static void stream_leave(ApiCall *call)
{
	stream_unlist(&call->api->streams, call);
}

// What has come since the id that the client has seen last; nothing where it names none.
static bool missed_send(const ApiStreams *streams, HttpRequest *request)
{
	Slice last = http_header(request, "Last-Event-ID");
	Slice rest = SLICE_NONE;
	int64_t ms = 0;
	Uuid id;
	bool is_id = slice_to_int64(slice_split(last, '-', &rest), &ms) && uuid_parse(rest, &id);
	size_t from = is_id ? 0 : streams->sent_count;
	for (size_t i = 0; is_id && i < streams->sent_count; i++)
	{
		const ApiSent *sent = sent_at(streams, i);
		if (uuid_compare(sent->id, id) == 0 || sent->ms < ms)
			from = i + 1;
	}
	for (size_t i = from; i < streams->sent_count; i++)
	{
		const ApiSent *sent = sent_at(streams, i);
		if (buf_is_ok(&sent->text) && !http_stream_send(request, buf_slice(&sent->text)))
			return false;
	}
	return true;
}

void api_stream_serve(ApiCall *call)
{
	Error error;
	ApiStreams *streams = &call->api->streams;
	if (!api_call_is_bare(call))
		return;
	if (streams->count >= STREAMS_MAX)
	{
		(void) error_set(&error, ERROR_BUSY, "%d live streams are open already; try again later", STREAMS_MAX);
		api_call_fail(call, &error, NULL);
		return;
	}
	if (http_method(call->request) == HTTP_HEAD)
	{
		http_respond(call->request, 200, "text/event-stream", SLICE_NONE);
		api_call_end(call);
		return;
	}
	if (streams->first == NULL && !streams->is_looking) // nobody looked since the last one left
		streams->since_ms = clock_now_ms() - FIRST_LOOK_MS;
	http_set_header(call->request, "Cache-Control", "no-store");
	http_set_header(call->request, "X-Accel-Buffering", "no");
	bool is_ok = http_stream_begin(call->request, "text/event-stream")
		&& http_stream_send(call->request, SLICE_LITERAL("retry: 2000\n\n")) && missed_send(streams, call->request);
	if (!is_ok)
	{
		http_stream_end(call->request);
		api_call_end(call);
		return;
	}
	call->leave = stream_leave;
	call->next = streams->first;
	streams->first = call;
	streams->count++;
}
