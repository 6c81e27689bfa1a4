#include "loader/context.h"

#include "base/buf.h"
#include "base/hash.h"

static bool is_page_field(const Hit *hit, const Slice *field)
{
	return field == &hit->page_host || field == &hit->page_url || field == &hit->page_category;
}

static Slice column(const Hit *hit, const Slice *field, bool with_page)
{
	return !with_page && is_page_field(hit, field) ? SLICE_NONE : *field;
}

Uuid context_id(const Hit *hit)
{
	bool with_page = hit->type != HIT_PAGE;
	Hash128 sum = {{0}};
	uint64_t state[2] = {0, 0};
	uint64_t seed = 1;
#define X(name)                                                                                                        \
	{                                                                                                                  \
		Slice text = column(hit, &hit->name, with_page);                                                               \
		uint64_t presence = text.data == NULL ? 0 : text.size + 1;                                                     \
		state[0] = hash_checksum(text, state[0] ^ (seed * 0x9E3779B97F4A7C15U) ^ presence);                            \
		state[1] = hash_checksum(text, state[1] + seed + (presence << 32U));                                           \
		seed++;                                                                                                        \
	}
	CONTEXT_COLUMNS(X, X)
#undef X
	for (size_t at = 0; at < 8; at++)
	{
		sum.bytes[at] = (unsigned char) (state[0] >> (8 * at));
		sum.bytes[8 + at] = (unsigned char) (state[1] >> (8 * at));
	}
	return uuid7_from_hash(0, sum);
}

void context_copy(PgCopy *copy, const Hit *hit, bool with_page)
{
#define X(name) pg_copy_text(copy, column(hit, &hit->name, with_page));
#define X_BYTES(name) pg_copy_bytes(copy, column(hit, &hit->name, with_page));
	CONTEXT_COLUMNS(X, X_BYTES)
#undef X
#undef X_BYTES
}

void context_copy_session(PgCopy *copy, const Hit *hit)
{
#define X(name) pg_copy_text(copy, hit->name);
#define X_BYTES(name) pg_copy_bytes(copy, hit->name);
	SESSION_COLUMNS(X, X_BYTES)
#undef X
#undef X_BYTES
}

void context_copy_attribution(PgCopy *copy, const Hit *hit)
{
#define X(name) pg_copy_text(copy, hit->name);
	ATTRIBUTION_COLUMNS(X)
#undef X
}
