#include "service/ip_rotation.h"

#include "base/hex.h"
#include "hit/hit.h"
#include "pg/retry.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

#define ARENA_SIZE_MAX ((size_t) 256 << 20U)
#define TRIES_MAX 8

// What a row holds, sealed anew; *fresh only where it is an old key's.
typedef IpSealState (*Reseal)(const IpRing *ring, Slice held, Arena *arena, Slice *fresh);

typedef struct Store {
	const char *read;
	const char *write;
	const char *first; // before every key
	const char *batch; // rows
	bool is_by_key;    // `read` wants the newest key's id
	Reseal reseal;
} Store;

static IpSealState address_reseal(const IpRing *ring, Slice held, Arena *arena, Slice *fresh)
{
	unsigned char sealed[IP_SEALED_SIZE];
	IpSealState state = ip_ring_reseal(ring, held, sealed);
	if (state == IP_SEAL_OLD)
		*fresh = arena_copy(arena, (Slice){(const char *) sealed, sizeof sealed});
	return state;
}

// One without an address, or that cannot be read, has nothing to do.
static IpSealState payload_reseal(const IpRing *ring, Slice held, Arena *arena, Slice *fresh)
{
	Hit hit;
	Buf buf;
	Error error;
	if (!hit_decode(held, &hit, &error) || hit.ip_encrypted.size == 0)
		return IP_SEAL_NEWEST;
	IpSealState state = address_reseal(ring, hit.ip_encrypted, arena, &hit.ip_encrypted);
	if (state != IP_SEAL_OLD || hit.ip_encrypted.data == NULL)
		return state;
	buf_init(&buf, HIT_ENCODED_SIZE_MAX);
	hit_encode(&hit, &buf);
	*fresh = buf_is_ok(&buf) ? arena_copy(arena, buf_slice(&buf)) : SLICE_NONE;
	buf_free(&buf);
	return state;
}

#define STORES 3
static Store store_at(size_t index)
{
	const Store stores[STORES] = {
		{sql_service_ip_sessions_read, sql_service_ip_sessions_write, "00000000-0000-0000-0000-000000000000", "1000",
			true, address_reseal},
		{sql_service_ip_contexts_read, sql_service_ip_contexts_write, "00000000-0000-0000-0000-000000000000", "1000",
			true, address_reseal},
		{sql_service_ip_quarantine_read, sql_service_ip_quarantine_write, "0", "100", false, payload_reseal},
	};
	return stores[index];
}

static void store_begin(IpRotation *rotation, size_t index)
{
	rotation->store = index;
	if (index < STORES)
		(void) snprintf(rotation->after, sizeof rotation->after, "%s", store_at(index).first);
}

static void newest_id(const IpRing *ring, char id[2 * IP_KEY_ID_SIZE + 1])
{
	hex_write(ring->ids[ring->count - 1], IP_KEY_ID_SIZE, id);
}

bool ip_rotation_begin(IpRotation *rotation, const IpRing *ring, PgConn *conn, Error *error)
{
	PgResult *result = NULL;
	char id[2 * IP_KEY_ID_SIZE + 1];
	*rotation = (IpRotation){.ring = ring, .conn = conn};
	arena_init(&rotation->arena, ARENA_SIZE_MAX);
	store_begin(rotation, 0);
	newest_id(ring, id);
	if (!pg_query(conn, sql_service_ip_count, (PgParam[]){pg_param(id)}, 1, &result, error))
		return false;
	rotation->all = pg_int64(result, 0, 0);
	pg_result_free(result);
	return true;
}

void ip_rotation_end(IpRotation *rotation)
{
	arena_free(&rotation->arena);
}

// What one batch comes to; counts once it is committed.
typedef struct Batch {
	int rows;
	int64_t unknown;
	int64_t broken;
	char last[IP_ROTATION_KEY_SIZE]; // of its keys
	Slice *keys;                     // of rows that change
	Slice *values;                   // hexadecimal
	size_t count;
} Batch;

static bool no_memory(Error *error)
{
	return error_set(error, ERROR_MEMORY, "out of memory for a batch of addresses");
}

static bool row_reseal(IpRotation *rotation, const Store *store, Slice key, Slice hex, Batch *batch, Error *error)
{
	Arena *arena = &rotation->arena;
	Slice held = hex_decode(arena, hex);
	Slice fresh = SLICE_NONE;
	if (held.data == NULL)
		return no_memory(error);
	IpSealState state = store->reseal(rotation->ring, held, arena, &fresh);
	batch->unknown += state == IP_SEAL_UNKNOWN;
	batch->broken += state == IP_SEAL_BROKEN;
	if (state != IP_SEAL_OLD)
		return true;
	batch->keys[batch->count] = arena_copy(arena, key);
	batch->values[batch->count] = fresh.data == NULL ? fresh : hex_encode(arena, fresh);
	bool is_ok = batch->keys[batch->count].data != NULL && batch->values[batch->count].data != NULL;
	batch->count++;
	return is_ok || no_memory(error);
}

static bool batch_read(IpRotation *rotation, const Store *store, Batch *batch, Error *error)
{
	char id[2 * IP_KEY_ID_SIZE + 1];
	PgResult *result = NULL;
	newest_id(rotation->ring, id);
	const PgParam by_key[] = {pg_param(rotation->after), pg_param(id), pg_param(store->batch)};
	const PgParam plain[] = {pg_param(rotation->after), pg_param(store->batch)};
	if (!pg_query(rotation->conn, store->read, store->is_by_key ? by_key : plain, store->is_by_key ? 3 : 2, &result,
			error))
		return false;
	batch->rows = pg_rows(result);
	batch->keys = ARENA_ARRAY(&rotation->arena, Slice, (size_t) batch->rows + 1);
	batch->values = ARENA_ARRAY(&rotation->arena, Slice, (size_t) batch->rows + 1);
	bool is_ok = (batch->keys != NULL && batch->values != NULL) || no_memory(error);
	for (int row = 0; row < batch->rows && is_ok; row++)
		is_ok = row_reseal(rotation, store, pg_text(result, row, 0), pg_text(result, row, 1), batch, error);
	if (batch->rows > 0)
		(void) snprintf(batch->last, sizeof batch->last, "%.*s", SLICE_PRINT(pg_text(result, batch->rows - 1, 0)));
	pg_result_free(result);
	return is_ok;
}

static bool batch_write(IpRotation *rotation, const Store *store, const Batch *batch, Error *error)
{
	if (batch->count == 0)
		return true;
	const PgParam params[] = {pg_param_text_array(&rotation->arena, batch->keys, batch->count),
		pg_param_text_array(&rotation->arena, batch->values, batch->count)};
	return pg_query(rotation->conn, store->write, params, 2, NULL, error);
}

static bool batch_try(IpRotation *rotation, const Store *store, Batch *batch, Error *error)
{
	arena_reset(&rotation->arena);
	*batch = (Batch){0};
	if (pg_begin(rotation->conn, error) && batch_read(rotation, store, batch, error)
		&& batch_write(rotation, store, batch, error) && pg_commit(rotation->conn, error))
		return true;
	pg_rollback(rotation->conn);
	return false;
}

bool ip_rotation_step(IpRotation *rotation, bool *is_done, Error *error)
{
	PgBackoff backoff = PG_BACKOFF_DEFAULT;
	Batch batch;
	*is_done = rotation->store == STORES;
	if (*is_done)
		return true;
	const Store store = store_at(rotation->store);
	for (int tries = 1; !batch_try(rotation, &store, &batch, error); tries++)
	{
		if (tries == TRIES_MAX || !pg_is_transient(error) || pg_is_away(error))
			return false;
		(void) pg_backoff_wait(&backoff, -1);
	}
	rotation->seen += store.is_by_key ? batch.rows : 0;
	rotation->resealed += (int64_t) batch.count;
	rotation->unknown += batch.unknown;
	rotation->broken += batch.broken;
	memcpy(rotation->after, batch.last, sizeof rotation->after);
	if (batch.rows == 0)
		store_begin(rotation, rotation->store + 1);
	return true;
}
