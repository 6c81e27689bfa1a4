#include "harness/loading.h"

#include "base/random.h"
#include "harness/database.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// Emptying a table's files takes far longer than deleting a few rows, but what is deleted stays in the way.
#define TRUNCATE_EVERY 64

static const char *const emptied[] = {"user_sessions", "page_views", "user_events", "session_attribution", "robots",
	"person_aliases", "user_consent", "quarantine", "waiting_leaves", "session_leaves", "message_times", "hit_contexts",
	"ingest_counts", "ingest_ledger", "ingest_turn", "session_touches", "changed_sessions", "changed_buckets",
	"rollup_failures", "session_summaries", "person_days", "person_periods", "visitor_returns", "overview_hourly",
	"overview_daily", "session_metrics_daily", "session_durations_daily", "page_metrics_hourly", "page_metrics_daily",
	"breakdown_daily", "page_transitions_daily", "page_paths_daily", "value_pages_daily", "user_journey_paths",
	"event_metrics_daily", "erased_ids", "loose_contexts", "person_requests", "data_deletion_log"};

void loading_open(Loading *loading, const LoaderOptions *options, int64_t now_ms)
{
	Error error = {0};
	*loading = (Loading){.now_ms = now_ms, .options = *options};
	arena_init(&loading->arena, (size_t) 64 << 20U);
	assert_true(random_init(&error));
	loading->look = test_database_open(loading->dsn);
	for (size_t at = 0; at < LOADING_LOADERS; at++)
	{
		loading->conns[at] = test_postgres_open(loading->dsn, TEST_SCHEMA);
		if (!loader_open(options, &loading->loaders[at], &error)
			|| !loader_attach(loading->loaders[at], loading->conns[at], &error))
			fail_msg("%s", error.message);
	}
}

void loading_close(Loading *loading)
{
	for (size_t at = 0; at < LOADING_LOADERS; at++)
	{
		loader_close(loading->loaders[at]);
		pg_close(loading->conns[at]);
	}
	pg_close(loading->look);
	arena_free(&loading->arena);
}

void loading_empty(Loading *loading)
{
	Error error = {0};
	Buf script;
	buf_init(&script, 1 << 13U);
	for (size_t at = 0; at < sizeof emptied / sizeof *emptied; at++)
		buf_append_format(&script, "%s %s; ", loading->emptied % TRUNCATE_EVERY == 0 ? "TRUNCATE" : "DELETE FROM",
			emptied[at]);
	buf_append_text(&script, "DELETE FROM dimension_values WHERE id > 1; DELETE FROM persons WHERE id <> 0");
	buf_append_byte(&script, '\0');
	assert_true(buf_is_ok(&script));
	loading->emptied++;
	if (!pg_script(loading->look, script.data, &error))
		fail_msg("%s", error.message);
	buf_free(&script);
	memset(loading->positions, 0, sizeof loading->positions);
	arena_reset(&loading->arena);
}

Slice loading_encode(Loading *loading, const Hit *hit)
{
	Buf buf;
	buf_init(&buf, HIT_ENCODED_SIZE_MAX);
	hit_encode(hit, &buf);
	assert_true(buf_is_ok(&buf));
	Slice payload = arena_copy(&loading->arena, buf_slice(&buf));
	buf_free(&buf);
	assert_non_null(payload.data);
	return payload;
}

void loading_store_payloads(Loading *loading, size_t loader, const Slice *payloads, size_t count)
{
	Error error = {0};
	if (!loader_store(loading->loaders[loader], payloads, count, NULL, loading->now_ms, &error))
		fail_msg("%s", error.message);
}

void loading_store_stream(Loading *loading, size_t loader, const Slice *payloads, size_t count, bool has_more)
{
	Error error = {0};
	BufferPosition *position = &loading->positions[loader];
	BufferPosition *ends = ARENA_ARRAY(&loading->arena, BufferPosition, count + 1);
	LoaderSource source = {.stream = {{(unsigned char) (loader + 1)}},
		.name = "test",
		.from = *position,
		.ends = ends,
		.has_more = has_more};
	assert_non_null(ends);
	for (size_t at = 0; at < count; at++)
		ends[at] = (BufferPosition){1, position->offset + at + 1};
	if (!loader_store(loading->loaders[loader], payloads, count, &source, loading->now_ms, &error))
		fail_msg("%s", error.message);
	*position = ends[count - 1];
}

void loading_restart(Loading *loading, size_t loader, size_t recent_bytes_max)
{
	Error error = {0};
	LoaderOptions options = loading->options;
	options.recent_bytes_max = recent_bytes_max;
	loader_close(loading->loaders[loader]);
	pg_close(loading->conns[loader]);
	loading->conns[loader] = test_postgres_open(loading->dsn, TEST_SCHEMA);
	if (!loader_open(&options, &loading->loaders[loader], &error)
		|| !loader_attach(loading->loaders[loader], loading->conns[loader], &error))
		fail_msg("%s", error.message);
}

void loading_store(Loading *loading, const Hit *hits, size_t count)
{
	Slice *payloads = ARENA_ARRAY(&loading->arena, Slice, count + 1);
	assert_non_null(payloads);
	for (size_t at = 0; at < count; at++)
		payloads[at] = loading_encode(loading, &hits[at]);
	loading_store_payloads(loading, 0, payloads, count);
}

void loading_sweep(Loading *loading, int64_t now_ms)
{
	Error error = {0};
	int64_t ended = 0;
	if (!loader_sweep(loading->loaders[0], now_ms, &ended, &error))
		fail_msg("%s", error.message);
}

char *loading_dump(Loading *loading, int64_t sweep_ms)
{
	loading_sweep(loading, sweep_ms);
	const char *text = test_postgres_value(loading->look,
		"SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
		" SELECT 'session ' || (to_jsonb(t) - 'created_at' - 'updated_at')::text AS line FROM user_sessions t"
		" UNION ALL SELECT 'view ' || (to_jsonb(t) - 'created_at')::text FROM page_views t"
		" UNION ALL SELECT 'event ' || to_jsonb(t)::text FROM user_events t"
		" UNION ALL SELECT 'attribution ' || (to_jsonb(t) - 'created_at')::text FROM session_attribution t"
		" UNION ALL SELECT 'person ' || (to_jsonb(t) - 'updated_at')::text FROM persons t"
		" UNION ALL SELECT 'alias ' || to_jsonb(t)::text FROM person_aliases t"
		" UNION ALL SELECT 'waiting ' || (to_jsonb(t) - 'received_at')::text FROM waiting_leaves t"
		" UNION ALL SELECT 'consent ' || (to_jsonb(t) - 'updated_at')::text FROM user_consent t"
		" UNION ALL SELECT 'robot ' || to_jsonb(t)::text FROM robots t"
		" UNION ALL SELECT 'message ' || to_jsonb(t)::text FROM message_times t"
		" UNION ALL SELECT 'context ' || to_jsonb(t)::text FROM hit_contexts t"
		" UNION ALL SELECT 'leave ' || to_jsonb(t)::text FROM session_leaves t"
		" UNION ALL SELECT 'quarantine ' || (to_jsonb(t) - 'quarantined_at' - 'id')::text FROM quarantine t) l");
	return strdup(text);
}
