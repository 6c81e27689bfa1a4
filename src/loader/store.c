#include "loader/store.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "buffer/blank.h"
#include "sql/sql.h"

#include <string.h>
#include <time.h>

static Metric stored_total =
	METRIC_COUNTER_INIT("sojourn_loader_hits_total", "Hits the loader has taken from the buffer.", NULL);
static Metric quarantined_total =
	METRIC_COUNTER_INIT("sojourn_loader_quarantined_total", "Hits that went to quarantine.", NULL);
static Metric batches_total =
	METRIC_COUNTER_INIT("sojourn_loader_batches_total", "Transactions the loader has committed.", NULL);

#define TRIES_MAX 5

typedef struct Store {
	Loader *loader;
	const Slice *payloads;
	const LoaderSource *source;
	int64_t now_ms;
	bool is_careful;
} Store;

// ── Before the rows ──

static bool hits_decode(Load *load, const Slice *payloads, size_t count, Error *error)
{
	Batch *batch = ARENA_NEW(load->arena, Batch);
	BatchHit *hits = ARENA_ARRAY(load->arena, BatchHit, count + 1);
	if (batch == NULL || hits == NULL)
		return load_no_memory(error);
	*batch = (Batch){.arena = load->arena, .hits = hits, .count = count};
	load->batch = batch;
	for (size_t at = 0; at < count; at++)
	{
		Error broken = {0};
		hits[at].payload = payloads[at];
		hits[at].is_erased = buffer_is_blank(payloads[at]);
		if (hits[at].is_erased)
		{
			hits[at].hit = (Hit){.user_id = HIT_NONE, .anonymous_id = HIT_NONE};
			continue;
		}
		bool is_valid = hit_decode(payloads[at], &hits[at].hit, &broken);
		const char *problem = is_valid ? batch_hit_problem(&hits[at].hit) : broken.message;
		if (!is_valid)
			hits[at].hit = (Hit){.user_id = HIT_NONE, .anonymous_id = HIT_NONE};
		if (problem == NULL)
			continue;
		if (!quarantine_put(load, &hits[at], problem, NULL, error))
			return false;
	}
	return true;
}

// The id without its time: what intake made of the source and the messageId.
static Uuid message_hash(const Hit *hit)
{
	return uuid7_with_time(hit->id, 0);
}

// Hits that brought no time get that of the first with their message id.
static bool times_find(Load *load, Error *error)
{
	Batch *batch = load->batch;
	Uuid *hashes = ARENA_ARRAY(load->arena, Uuid, batch->count + 1);
	int64_t *times = ARENA_ARRAY(load->arena, int64_t, batch->count + 1);
	if (hashes == NULL || times == NULL)
		return load_no_memory(error);
	size_t count = 0;
	for (size_t at = 0; at < batch->count; at++)
	{
		const BatchHit *hit = &batch->hits[at];
		if (hit->is_refused || hit->hit.is_time_arrival != 1 || hit->hit.message_id.data == NULL)
			continue;
		hashes[count] = message_hash(&hit->hit);
		times[count++] = hit_time_ms(&hit->hit);
	}
	if (count == 0)
		return true;
	PgResult *result = NULL;
	PgParam params[] = {pg_param_uuid_array(load->arena, hashes, count),
		pg_param_int64_array(load->arena, times, count)};
	// Twice: a row added by a statement is not seen by that statement.
	if (!pg_query(load->conn, sql_loader_message_times_add, params, 2, NULL, error)
		|| !pg_query(load->conn, sql_loader_message_times_read, params, 1, &result, error))
		return false;
	for (size_t at = 0; at < batch->count; at++)
	{
		Hit *hit = &batch->hits[at].hit;
		if (batch->hits[at].is_refused || hit->is_time_arrival != 1 || hit->message_id.data == NULL)
			continue;
		Uuid hash = message_hash(hit);
		for (int low = 0, high = pg_rows(result); low < high;)
		{
			int middle = low + (high - low) / 2;
			Uuid found;
			(void) pg_uuid(result, middle, 0, &found);
			int order = uuid_compare(found, hash);
			if (order == 0)
			{
				hit->id = uuid7_with_time(hit->id, pg_int64(result, middle, 1));
				break;
			}
			if (order < 0)
				low = middle + 1;
			else
				high = middle;
		}
	}
	pg_result_free(result);
	return true;
}

// ── Months ──

static int32_t month_of(int64_t time_ms)
{
	time_t seconds = (time_t) (time_ms / 1000);
	struct tm parts;
	(void) gmtime_r(&seconds, &parts);
	return (parts.tm_year + 1900) * 12 + parts.tm_mon;
}

static bool month_ensure(Load *load, Loader *loader, int64_t time_ms, Error *error)
{
	int32_t month = month_of(time_ms);
	for (size_t at = loader->month_count; at > 0; at--)
	{
		if (loader->months[at - 1] == month)
			return true;
	}
	PgParam params[] = {param_int64(load, time_ms)};
	if (!pg_query(load->conn, sql_loader_ensure_month, params, 1, NULL, error))
		return false;
	if (loader->month_count == LOADER_MONTHS_MAX)
		loader->month_count = 0;
	loader->months[loader->month_count++] = month;
	return true;
}

// Partitions for every row of the batch, and for the sessions that begin earlier than their hits.
static bool months_ensure(Load *load, Loader *loader, Error *error)
{
	for (size_t at = 0; at < load->batch->count; at++)
	{
		const BatchHit *hit = &load->batch->hits[at];
		bool is_row = batch_hit_is_row(hit);
		if (!is_row && !batch_hit_is_robot(hit))
			continue;
		if (!month_ensure(load, loader, hit_time_ms(&hit->hit), error))
			return false;
		if (is_row && batch_hit_has_session(hit) && !month_ensure(load, loader, uuid7_time_ms(hit->session_id), error))
			return false;
	}
	return true;
}

// ── The transaction ──

static bool ledger_check(Load *load, const LoaderSource *source, BufferPosition from, Error *error)
{
	PgResult *result = NULL;
	PgParam params[] = {param_uuid(load, source->stream)};
	if (!pg_query(load->conn, sql_loader_ledger_read, params, 1, &result, error))
		return false;
	BufferPosition stands = {0};
	if (pg_rows(result) == 1)
		stands = (BufferPosition){(uint64_t) pg_int64(result, 0, 0), (uint64_t) pg_int64(result, 0, 1)};
	pg_result_free(result);
	if (buffer_position_compare(stands, from) != 0)
		return error_set(error, ERROR_BUSY, "The stream %s was loaded by another worker in the meantime.",
			source->name);
	return true;
}

static bool ledger_write(Load *load, const LoaderSource *source, BufferPosition to, Error *error)
{
	PgParam params[] = {param_uuid(load, source->stream), param_int64(load, (int64_t) to.segment),
		param_int64(load, (int64_t) to.offset), param_text(slice_from(source->name))};
	return pg_query(load->conn, sql_loader_ledger_write, params, 4, NULL, error);
}

static BufferPosition position_before(const LoaderSource *source, size_t at)
{
	return at == 0 ? source->from : source->ends[at - 1];
}

static int64_t without_effect(const Batch *batch)
{
	int64_t count = 0;
	for (size_t at = 0; at < batch->count; at++)
	{
		const BatchHit *hit = &batch->hits[at];
		count += batch_hit_is_live(hit) && hit->hit.type == HIT_IDENTIFY && hit->hit.user_id == HIT_NONE;
	}
	return count;
}

// What can be done without the database, for as long as it is busy with the rows.
static void meanwhile(const Load *load)
{
	const LoaderSource *source = load->source;
	if (source == NULL || source->meanwhile == NULL)
		return;
	while (pg_copy_is_under_way(load->conn) && source->meanwhile(source->context))
	{
	}
}

static bool rows_and_sessions_store(Load *load, Error *error)
{
	if (!rows_store(load, error) || !streams_write(load, error) || !sessions_store(load, error))
		return false;
	meanwhile(load);
	return true;
}

static bool hits_store(Store *store, Load *load, size_t from, size_t to, Error *error)
{
	return hits_decode(load, store->payloads + from, to - from, error) && times_find(load, error)
		&& erased_refuse(load, error) && denied_refuse(load, error) && people_store(load, error)
		&& batch_mark_repeats(load->batch, error) && recall_mark_repeats(load, error) && streams_assign(load, error)
		&& months_ensure(load, store->loader, error) && rows_and_sessions_store(load, error)
		&& leaves_store(load, error) && touches_write(load, error) && streams_remake(load, error)
		&& changed_write(load, error) && load_count(load, "identify_without_user", without_effect(load->batch), error);
}

static void quarantined_count(Loader *loader, const Batch *batch)
{
	int64_t count = 0;
	for (size_t at = 0; at < batch->count; at++)
		count += batch->hits[at].is_refused;
	loader->quarantined += count;
	metric_add(&quarantined_total, count);
}

// Activity of sessions is put off while more hits wait; while some is put off already, until that is settled.
static bool is_putting_off(const Loader *loader, const LoaderSource *source)
{
	return loader->put_off_us != 0 || (source != NULL && source->has_more && loader->options.put_off_ms > 0);
}

static void put_off_note(Loader *loader, const Load *load)
{
	if (!load->has_touches)
		loader->put_off_us = 0;
	else if (loader->put_off_us == 0)
		loader->put_off_us = clock_monotonic_us();
}

static bool range_transaction(Store *store, size_t from, size_t to, Error *error)
{
	Load load = state_load(store->loader, store->now_ms);
	const LoaderSource *source = store->source;
	load.source = source;
	load.is_careful = store->is_careful;
	load.is_putting_off = is_putting_off(store->loader, source);
	bool is_done = pg_begin(load.conn, error) && pg_query(load.conn, sql_loader_lock, NULL, 0, NULL, error)
		&& (source == NULL || ledger_check(&load, source, position_before(source, from), error))
		&& recall_begin(&load, error) && hits_store(store, &load, from, to, error)
		&& (source == NULL || ledger_write(&load, source, source->ends[to - 1], error)) && recall_end(&load, error)
		&& pg_commit(load.conn, error);
	if (!is_done)
	{
		pg_rollback(load.conn);
		return false;
	}
	recall_keep(&load);
	put_off_note(store->loader, &load);
	quarantined_count(store->loader, load.batch);
	metric_add(&batches_total, 1);
	metric_add(&stored_total, (int64_t) (to - from));
	return true;
}

// Puts one hit into quarantine, with its place in the ledger, in a transaction of its own.
static bool hit_quarantine(Store *store, size_t at, const Error *reason, Error *error)
{
	Load load = state_load(store->loader, store->now_ms);
	const LoaderSource *source = store->source;
	BatchHit hit = {.payload = store->payloads[at]};
	Error broken = {0};
	if (!hit_decode(hit.payload, &hit.hit, &broken))
		hit.hit = (Hit){.user_id = HIT_NONE, .anonymous_id = HIT_NONE};
	bool is_done = pg_begin(load.conn, error) && pg_query(load.conn, sql_loader_lock, NULL, 0, NULL, error)
		&& (source == NULL || ledger_check(&load, source, position_before(source, at), error))
		&& quarantine_put(&load, &hit, reason->message, reason->sqlstate, error)
		&& (source == NULL || ledger_write(&load, source, source->ends[at], error)) && pg_commit(load.conn, error);
	if (!is_done)
	{
		pg_rollback(load.conn);
		return false;
	}
	store->loader->quarantined++;
	metric_add(&quarantined_total, 1);
	return true;
}

// Is it the hits' fault? Their data, or more of it than a batch has room for.
static bool is_poison(const Error *error)
{
	return error->code == ERROR_MEMORY || pg_is_data_error(error);
}

// One transaction, tried again where the statement is not to blame.
static bool range_try(Store *store, size_t from, size_t to, Error *error)
{
	for (int tries = 1;; tries++)
	{
		if (range_transaction(store, from, to, error))
			return true;
		// A month that was taken away behind our back shows as a row without a partition; rows that came behind it, as
		// rows that are there already.
		bool has_known_months = store->loader->month_count > 0;
		bool is_first_clash = pg_is_unique_violation(error) && !store->is_careful;
		store->loader->month_count = 0;
		store->is_careful = store->is_careful || is_first_clash;
		if (is_first_clash)
			recent_forget(&store->loader->recent);
		bool is_worth_it = pg_is_transient(error) || is_first_clash
			|| (is_poison(error) && has_known_months && slice_equal_text(slice_from(error->sqlstate), "23514"));
		if (!is_worth_it || pg_is_away(error) || tries == TRIES_MAX)
			return false;
	}
}

static bool range_store(Store *store, size_t from, size_t to, Error *error)
{
	if (range_try(store, from, to, error))
		return true;
	if (!is_poison(error))
		return false;
	if (to - from == 1)
	{
		Error reason = *error;
		log_event(LOG_WARNING, "loader.quarantined", "sqlstate=%s",
			reason.sqlstate[0] == '\0' ? "none" : reason.sqlstate);
		return hit_quarantine(store, from, &reason, error);
	}
	size_t middle = from + (to - from) / 2;
	return range_store(store, from, middle, error) && range_store(store, middle, to, error);
}

bool store_hits(Loader *loader, const Slice *payloads, size_t count, const LoaderSource *source, int64_t now_ms,
	Error *error)
{
	Store store = {.loader = loader, .payloads = payloads, .source = source, .now_ms = now_ms};
	Error failure = {0};
	if (count == 0 || range_store(&store, 0, count, &failure))
		return true;
	if (error != NULL)
		*error = failure;
	return false;
}
