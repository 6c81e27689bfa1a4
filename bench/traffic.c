#include "bench/traffic.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/uuid.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGES 500
#define SHARE_ACTIVE 10

typedef struct Visitor {
	size_t person;
	char session[UUID_TEXT_SIZE];
	char view[UUID_TEXT_SIZE]; // "": none yet
	int64_t viewed_ms;
	int views;
	int clicks;
	int page;
} Visitor;

struct Traffic {
	uint64_t state;
	size_t people;
	size_t next_person;
	size_t active;
	Visitor *visitors;
	char key[64];
};

static uint64_t next(Traffic *traffic)
{
	traffic->state += 0x9E3779B97F4A7C15U;
	uint64_t z = traffic->state;
	z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
	z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
	return z ^ (z >> 31U);
}

static void id_make(Traffic *traffic, int64_t time_ms, char id[UUID_TEXT_SIZE])
{
	Hash128 hash;
	for (size_t at = 0; at < sizeof hash.bytes; at += sizeof(uint64_t))
	{
		uint64_t bits = next(traffic);
		memcpy(hash.bytes + at, &bits, sizeof bits);
	}
	uuid_format(uuid7_from_hash(time_ms, hash), id);
}

static void visitor_begin(Traffic *traffic, Visitor *visitor, int64_t now_ms)
{
	*visitor = (Visitor){.person = traffic->next_person};
	traffic->next_person = (traffic->next_person + 7919) % traffic->people;
	id_make(traffic, now_ms, visitor->session);
}

Traffic *traffic_open(const char *key, size_t people, uint64_t seed)
{
	Traffic *traffic = memory_allocate_zeroed(1, sizeof *traffic);
	size_t active = people < SHARE_ACTIVE ? 1 : people / SHARE_ACTIVE;
	Visitor *visitors = memory_allocate_zeroed(active, sizeof *visitors);
	if (traffic == NULL || visitors == NULL)
		abort();
	*traffic = (Traffic){.state = seed, .people = people, .active = active, .visitors = visitors};
	(void) snprintf(traffic->key, sizeof traffic->key, "%s", key);
	int64_t now_ms = clock_now_ms();
	for (size_t at = 0; at < active; at++)
		visitor_begin(traffic, &visitors[at], now_ms);
	return traffic;
}

void traffic_close(Traffic *traffic)
{
	memory_free(traffic->visitors);
	memory_free(traffic);
}

static void text_append(Buf *body, const char *text)
{
	buf_append(body, text, strlen(text));
}

static void number_append(Buf *body, int64_t number)
{
	char text[24];
	size_t at = sizeof text;
	do
		text[--at] = (char) ('0' + number % 10);
	while ((number /= 10) > 0);
	buf_append(body, text + at, sizeof text - at);
}

static void message_begin(Traffic *traffic, const Visitor *visitor, const char *type, const char *id, Buf *body)
{
	char made[UUID_TEXT_SIZE];
	if (id == NULL)
	{
		id_make(traffic, clock_now_ms(), made);
		id = made;
	}
	text_append(body, "{\"type\":\"");
	text_append(body, type);
	text_append(body, "\",\"messageId\":\"");
	text_append(body, id);
	text_append(body, "\",\"anonymousId\":\"browser-");
	number_append(body, (int64_t) visitor->person);
	text_append(body, "\",\"userId\":\"");
	number_append(body, (int64_t) visitor->person + 1);
	text_append(body, "\",\"context\":{\"page\":{\"url\":\"https://app.example.org/collections/");
	number_append(body, visitor->page);
	text_append(body, "/items?tab=all&sort=new\",\"title\":\"Collections - a page of many\",\"referrer\":");
	text_append(body, visitor->views == 1 ? "\"https://www.google.com/\"" : "\"https://app.example.org/finder\"");
	text_append(body, "},\"session\":{\"id\":\"");
	text_append(body, visitor->session);
	text_append(body, "\",\"sequence\":");
	number_append(body, visitor->views);
	text_append(body, ",\"pageViewId\":\"");
	text_append(body, visitor->view);
	text_append(body, "\"}}");
}

static void view_append(Traffic *traffic, Visitor *visitor, Buf *body)
{
	visitor->viewed_ms = clock_now_ms();
	visitor->views++;
	visitor->clicks = 0;
	visitor->page = (int) (next(traffic) % PAGES);
	id_make(traffic, visitor->viewed_ms, visitor->view);
	message_begin(traffic, visitor, "page", visitor->view, body);
	text_append(body, ",\"properties\":{\"loadMs\":");
	number_append(body, (int64_t) (next(traffic) % 3000));
	text_append(body, "}}");
}

static void click_append(Traffic *traffic, Visitor *visitor, Buf *body)
{
	visitor->clicks++;
	message_begin(traffic, visitor, "track", NULL, body);
	text_append(body,
		",\"event\":\"Open\",\"properties\":{\"type\":\"click\",\"category\":\"Collections\",\"label\":\"compound-"
		"list\","
		"\"items\":3,\"plan\":\"free\",\"element\":{\"id\":\"open\",\"class\":\"button wide\","
		"\"selector\":\"main > div.list > a:nth-child(3)\"},\"position\":{\"x\":512,\"y\":288}}}");
}

static void leave_append(Traffic *traffic, const Visitor *visitor, Buf *body)
{
	message_begin(traffic, visitor, "leave", NULL, body);
	text_append(body, ",\"visibleMs\":");
	number_append(body, 1 + clock_now_ms() - visitor->viewed_ms);
	text_append(body, ",\"scrollDepthPercent\":60,\"clicks\":");
	number_append(body, visitor->clicks);
	text_append(body, ",\"interactions\":");
	number_append(body, visitor->clicks);
	text_append(body, "}");
}

static bool hit_append(Traffic *traffic, Buf *body)
{
	Visitor *visitor = &traffic->visitors[next(traffic) % traffic->active];
	if (visitor->views > 0 && next(traffic) % 12 == 0)
		visitor_begin(traffic, visitor, clock_now_ms());
	uint64_t choice = next(traffic) % 10;
	if (visitor->views == 0 || choice < 4)
		view_append(traffic, visitor, body);
	else if (choice < 7)
		click_append(traffic, visitor, body);
	else
	{
		leave_append(traffic, visitor, body);
		return false;
	}
	return true;
}

size_t traffic_body(Traffic *traffic, size_t hits, Buf *body)
{
	size_t rows = 0;
	text_append(body, "{\"writeKey\":\"");
	text_append(body, traffic->key);
	text_append(body, "\",\"sentAt\":");
	number_append(body, clock_now_ms());
	text_append(body,
		",\"context\":{\"locale\":\"de-AT\",\"timezone\":\"Europe/"
		"Vienna\",\"screen\":{\"width\":1920,\"height\":1080}},"
		"\"batch\":[");
	for (size_t at = 0; at < hits; at++)
	{
		if (at > 0)
			buf_append_byte(body, ',');
		rows += hit_append(traffic, body) ? 1 : 0;
	}
	text_append(body, "]}");
	return rows;
}
