// Writes hits as a tracker sends them into a stream of the buffer: PEOPLE people interleaved, each in one session of views
// and clicks. The same seed gives the same hits.
//   make_hits FOLDER HITS PEOPLE SEED FROM_MS SPAN_MS REPEATED_PER_THOUSAND
#include "base/memory.h"
#include "buffer/buffer.h"
#include "hit/hit.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGES 500
#define SYNC_EVERY 10000

typedef struct Visitor {
	Uuid session;
	Uuid view;
	int64_t views;
} Visitor;

typedef struct Maker {
	uint64_t state;
	Visitor *visitors;
	size_t people;
	int64_t from_ms;
	int64_t span_ms;
	size_t hits;
} Maker;

static uint64_t next(Maker *maker)
{
	maker->state += 0x9E3779B97F4A7C15U;
	uint64_t z = maker->state;
	z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
	z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
	return z ^ (z >> 31U);
}

static Uuid id_make(Maker *maker, int64_t time_ms)
{
	Hash128 hash;
	for (size_t at = 0; at < sizeof hash.bytes; at++)
		hash.bytes[at] = (unsigned char) next(maker);
	return uuid7_from_hash(time_ms, hash);
}

static void view_fill(Maker *maker, Visitor *visitor, Hit *hit)
{
	hit->sequence = ++visitor->views;
	hit->page_title = SLICE_LITERAL("Collections – a page of many");
	hit->query_params = SLICE_LITERAL("{\"tab\": \"all\", \"sort\": \"new\"}");
	hit->referrer = SLICE_LITERAL("/finder");
	hit->load_ms = (int64_t) (next(maker) % 3000);
	hit->interactive_ms = hit->load_ms + 200;
	visitor->view = hit->id;
}

static void click_fill(const Visitor *visitor, Hit *hit)
{
	hit->page_view_id = visitor->view;
	hit->event_type = SLICE_LITERAL("click");
	hit->event_category = SLICE_LITERAL("Collections");
	hit->event_action = SLICE_LITERAL("Open");
	hit->event_label = SLICE_LITERAL("compound-list");
	hit->element_id = SLICE_LITERAL("open");
	hit->element_selector = SLICE_LITERAL("main > div.list > a:nth-child(3)");
	hit->viewport_position = SLICE_LITERAL("{\"x\": 512, \"y\": 288}");
	hit->metadata = SLICE_LITERAL("{\"plan\": \"free\", \"items\": 3}");
}

static void hit_make(Maker *maker, size_t at, char url[64], Hit *hit)
{
	size_t who = next(maker) % maker->people;
	Visitor *visitor = &maker->visitors[who];
	int64_t time_ms = maker->from_ms + (int64_t) (at * (uint64_t) maker->span_ms / maker->hits);
	bool is_view = uuid_is_nil(visitor->view) || next(maker) % 2 == 0;
	hit_init(hit, is_view ? HIT_PAGE : HIT_EVENT);
	hit->id = id_make(maker, time_ms);
	if (uuid_is_nil(visitor->session))
		visitor->session = id_make(maker, time_ms);
	hit->session_id = visitor->session;
	hit->user_id = (int64_t) who + 1;
	hit->anonymous_id = -1 - (int64_t) who;
	hit->source = SLICE_LITERAL("web");
	hit->user_agent = SLICE_LITERAL(
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36");
	hit->device_type = SLICE_LITERAL("desktop");
	hit->browser = SLICE_LITERAL("Chrome");
	hit->os = SLICE_LITERAL("Linux");
	hit->screen_resolution = SLICE_LITERAL("1920x1080");
	hit->timezone = SLICE_LITERAL("Europe/Vienna");
	hit->page_host = SLICE_LITERAL("app.example.org");
	int size = snprintf(url, 64, "/collections/%d/items", (int) (next(maker) % PAGES));
	hit->page_url = (Slice){url, (size_t) size};
	if (is_view)
		view_fill(maker, visitor, hit);
	else
		click_fill(visitor, hit);
}

static bool hits_write(Maker *maker, BufferWriter *writer, uint64_t repeated, Error *error)
{
	Buf buf;
	Buf again;
	char url[64];
	buf_init(&buf, HIT_ENCODED_SIZE_MAX);
	buf_init(&again, HIT_ENCODED_SIZE_MAX);
	bool is_ok = true;
	for (size_t at = 0; is_ok && at < maker->hits; at++)
	{
		Hit hit;
		hit_make(maker, at, url, &hit);
		buf_reset(&buf);
		hit_encode(&hit, &buf);
		is_ok = buffer_append(writer, buf_slice(&buf), error);
		bool is_repeated = next(maker) % 1000 < repeated;
		if (is_ok && is_repeated && again.size > 0)
			is_ok = buffer_append(writer, buf_slice(&again), error);
		if (is_repeated || again.size == 0)
		{
			buf_reset(&again);
			buf_append_slice(&again, buf_slice(&buf));
		}
		if (is_ok && at % SYNC_EVERY == SYNC_EVERY - 1)
			is_ok = buffer_sync(writer, error);
	}
	buf_free(&buf);
	buf_free(&again);
	return is_ok && buffer_sync(writer, error);
}

int main(int argc, char **argv)
{
	Error error = {0};
	if (argc != 8)
	{
		(void) fprintf(stderr, "make_hits FOLDER HITS PEOPLE SEED FROM_MS SPAN_MS REPEATED_PER_THOUSAND\n");
		return 2;
	}
	Maker maker = {.hits = strtoul(argv[2], NULL, 10),
		.people = strtoul(argv[3], NULL, 10),
		.state = strtoull(argv[4], NULL, 10),
		.from_ms = strtoll(argv[5], NULL, 10),
		.span_ms = strtoll(argv[6], NULL, 10)};
	maker.visitors = memory_allocate_zeroed(maker.people, sizeof *maker.visitors);
	BufferOptions options = {.segment_bytes = (uint64_t) 64 << 20U, .unloaded_bytes_max = (uint64_t) 1 << 40U};
	BufferWriter *writer = NULL;
	bool is_ok = maker.visitors != NULL && maker.people > 0 && buffer_writer_open(argv[1], &options, &writer, &error)
		&& hits_write(&maker, writer, strtoull(argv[7], NULL, 10), &error);
	BufferPosition end = writer == NULL ? (BufferPosition){0} : buffer_writer_position(writer);
	buffer_writer_close(writer);
	memory_free(maker.visitors);
	if (is_ok)
		(void) printf("%llu %llu\n", (unsigned long long) end.segment, (unsigned long long) end.offset);
	else
		(void) fprintf(stderr, "make_hits: %s\n", error.message);
	return is_ok ? 0 : 1;
}
