#include "intake/answer.h"

#include "base/clock.h"
#include "base/json.h"

void answer_set_cors(HttpRequest *request, Slice origin, bool is_allowed)
{
	http_set_header(request, "Vary", "Origin"); // also without one: caches must not hand that answer to a page
	if (origin.size == 0 || !is_allowed)
		return;
	http_set_header_slice(request, "Access-Control-Allow-Origin", origin);
	http_set_header(request, "Access-Control-Expose-Headers", "Retry-After");
}

void answer_preflight(HttpRequest *request, bool is_allowed)
{
	answer_set_cors(request, http_header(request, "origin"), is_allowed);
	if (is_allowed)
	{
		http_set_header(request, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
		http_set_header(request, "Access-Control-Allow-Headers",
			"authorization, content-type, content-encoding, x-retry-count");
		http_set_header(request, "Access-Control-Max-Age", "86400");
	}
	http_respond(request, 204, NULL, SLICE_NONE);
}

void answer_settings(HttpRequest *request, Slice key, bool is_https)
{
	Buf body;
	buf_init(&body, 8 * 1024);
	buf_append_text(&body, "{\"integrations\":{\"Segment.io\":{\"apiKey\":");
	json_write_string(&body, key);
	buf_append_text(&body, ",\"apiHost\":");
	json_write_string(&body, arena_format(http_arena(request), "%.*s/v1", SLICE_PRINT(http_header(request, "host"))));
	buf_append_text(&body, is_https ? ",\"protocol\":\"https\"" : ",\"protocol\":\"http\"");
	buf_append_text(&body, "}},\"plan\":{},\"metrics\":{\"sampleRate\":0}}");
	http_set_header(request, "Cache-Control", "public, max-age=300");
	if (buf_is_ok(&body))
		http_respond(request, 200, "application/json", buf_slice(&body));
	else
		http_respond(request, 400, "text/plain", SLICE_LITERAL("The host is longer than any name.\n"));
	buf_free(&body);
}

void answer_reject(Buf *body, size_t index, Refusal refusal, int64_t now_ms)
{
	buf_append_text(body, body->size == 0 ? "{\"success\":true,\"rejected\":[" : ",");
	buf_append_format(body, "{\"index\":%zu,\"code\":\"%s\",\"message\":", index, refusal_code(refusal));
	json_write_string(body, slice_from(refusal_sentence(refusal)));
	if (refusal == REFUSAL_CLOCK_SKEW)
	{
		char now[CLOCK_ISO8601_SIZE];
		clock_format_iso8601(now_ms, now);
		buf_append_format(body, ",\"serverTime\":\"%s\"", now);
	}
	buf_append_byte(body, '}');
}

Slice answer_body(Buf *body)
{
	if (body->size == 0)
		return SLICE_LITERAL("{\"success\":true}");
	buf_append_text(body, "]}");
	return buf_slice(body);
}
