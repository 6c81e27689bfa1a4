// A line of an access log is refused, or its fields, written anew, read the same.
#include "tests/fuzz/fuzz.h"

#include "base/clock.h"
#include "import/access_line.h"

static void quoted_write(Buf *buf, Slice text)
{
	buf_append_byte(buf, '"');
	for (size_t i = 0; i < text.size; i++)
		buf_append_format(buf, "\\x%02x", (unsigned char) text.data[i]);
	buf_append_byte(buf, '"');
}

static bool is_host_like(Slice host)
{
	return host.size == 0 || slice_find(host, '@', 0) == host.size;
}

static void line_check(const AccessLine *line)
{
	assert(line->address.size > 0 && slice_find(line->address, ' ', 0) == line->address.size);
	assert(line->method.size > 0 && line->status >= 0 && line->status <= 999);
	assert(line->path.size > 0);
	assert(*line->path.data == '/' || slice_equal_text(line->path, "*") || slice_equal_text(line->method, "CONNECT"));
	assert(line->path.size == 1 || slice_find(line->path, '?', 0) == line->path.size);
	assert(is_host_like(line->host));
	assert(line->has_agent || (line->referrer.data == NULL && line->user_agent.data == NULL));
	assert(!line->has_agent || line->user_agent.data != NULL);
}

static void agent_check(const AccessLine *line, Arena *arena)
{
	AccessLine again;
	Buf buf;
	buf_init(&buf, (size_t) 16 << 20U);
	buf_append_slice(&buf, line->address);
	buf_append_text(&buf, " - - [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.1\" 200 - ");
	quoted_write(&buf, line->referrer);
	buf_append_byte(&buf, ' ');
	quoted_write(&buf, line->user_agent);
	assert(buf_is_ok(&buf));
	Slice copy = arena_copy(arena, buf_slice(&buf));
	buf_free(&buf);
	bool is_line = access_line_parse(copy, ACCESS_FORMAT_COMBINED, arena, &again);
	assert(is_line && again.has_agent && again.user_agent.data != NULL);
	assert(slice_equal(again.address, line->address) && again.status == 200);
	assert(slice_equal(again.referrer, line->referrer) && slice_equal(again.user_agent, line->user_agent));
}

void fuzz_one(Slice input, Arena *arena)
{
	static const AccessFormat formats[] = {ACCESS_FORMAT_UNKNOWN, ACCESS_FORMAT_COMBINED, ACCESS_FORMAT_COMMON};
	AccessLine lines[3];
	bool is_line[3];
	for (size_t i = 0; i < 3; i++)
	{
		is_line[i] = access_line_parse(input, formats[i], arena, &lines[i]);
		if (is_line[i])
			line_check(&lines[i]);
	}
	assert(is_line[0] || (!is_line[1])); // what is of the longer format is of any
	assert(is_line[2] || !is_line[1]);   // and of the shorter one
	if (is_line[1])
		agent_check(&lines[1], arena);
}
