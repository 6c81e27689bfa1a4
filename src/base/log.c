#include "base/log.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE_MAX ((size_t) 4096)
#define EVENTS_MAX 256
#define EVENT_NAME_SIZE 64

// How often an event was written in its current minute. Events beyond the table's size share its last row.
typedef struct EventRow {
	char name[EVENT_NAME_SIZE];
	int64_t minute_started_us;
	unsigned written;
	uint64_t suppressed;
} EventRow;

static const char *process_name = "sojourn";
static _Atomic LogLevel level_least = LOG_INFO;
static pthread_mutex_t events_lock = PTHREAD_MUTEX_INITIALIZER;
static EventRow events[EVENTS_MAX];
static size_t events_count;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

// A line is put together on the stack and written by one call, so that lines of several threads do not mix.
typedef struct Line {
	size_t size;
	char text[LINE_SIZE_MAX];
} Line;

void log_init(const char *process, LogLevel least)
{
	process_name = process;
	atomic_store(&level_least, least);
}

bool log_level_parse(Slice text, LogLevel *level)
{
	for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++)
	{
		if (!slice_equal_text(text, level_names[i]))
			continue;
		*level = (LogLevel) i;
		return true;
	}
	return false;
}

static EventRow *event_row(const char *event)
{
	for (size_t i = 0; i < events_count; i++)
		if (strncmp(events[i].name, event, EVENT_NAME_SIZE - 1) == 0)
			return &events[i];
	if (events_count == EVENTS_MAX)
		return &events[EVENTS_MAX - 1];
	EventRow *row = &events[events_count++];
	(void) snprintf(row->name, sizeof row->name, "%s", event);
	return row;
}

// Whether the event may be written now; *suppressed is what was held back since it last was.
static bool event_admit(const char *event, uint64_t *suppressed)
{
	int64_t now_us = clock_monotonic_us();
	(void) pthread_mutex_lock(&events_lock);
	EventRow *row = event_row(event);
	if (row->written == 0 || now_us - row->minute_started_us >= CLOCK_MINUTE_MS * 1000)
	{
		row->minute_started_us = now_us;
		row->written = 0;
	}
	bool is_admitted = row->written < LOG_REPEATS_PER_MINUTE;
	if (is_admitted)
	{
		row->written++;
		*suppressed = row->suppressed;
		row->suppressed = 0;
	}
	else
		row->suppressed++;
	(void) pthread_mutex_unlock(&events_lock);
	return is_admitted;
}

static void line_put(Line *line, const char *text, size_t size)
{
	size_t left = sizeof line->text - 1 - line->size; // the line feed has its place
	if (size > left)
		size = left;
	memcpy(line->text + line->size, text, size);
	line->size += size;
}

static void line_put_text(Line *line, const char *text)
{
	line_put(line, text, strlen(text));
}

static void line_put_control(Line *line, unsigned char byte)
{
	char escape[5];
	(void) snprintf(escape, sizeof escape, byte == '\n' ? "\\n" : "\\x%02x", byte);
	line_put_text(line, escape);
}

static bool is_control(unsigned char byte)
{
	return byte < 0x20 || byte == 0x7F;
}

static bool needs_quotes(Slice value)
{
	for (size_t i = 0; i < value.size; i++)
	{
		char byte = value.data[i];
		if (byte == ' ' || byte == '"' || byte == '=' || byte == '\\' || is_control((unsigned char) byte))
			return true;
	}
	return value.size == 0;
}

static void line_put_value(Line *line, Slice value)
{
	if (!needs_quotes(value))
	{
		line_put(line, value.data, value.size);
		return;
	}
	line_put_text(line, "\"");
	for (size_t i = 0; i < value.size; i++)
	{
		char byte = value.data[i];
		if (is_control((unsigned char) byte))
			line_put_control(line, (unsigned char) byte);
		else
		{
			if (byte == '"' || byte == '\\')
				line_put_text(line, "\\");
			line_put(line, &byte, 1);
		}
	}
	line_put_text(line, "\"");
}

static bool line_begin(Line *line, LogLevel level, const char *event)
{
	uint64_t suppressed = 0;
	char time[CLOCK_ISO8601_SIZE];
	char count[40];
	line->size = 0;
	if (level < atomic_load(&level_least) || !event_admit(event, &suppressed))
		return false;
	clock_format_iso8601(clock_now_ms(), time);
	line_put_text(line, "time=");
	line_put_text(line, time);
	line_put_text(line, " level=");
	line_put_text(line, level_names[level]);
	line_put_text(line, " process=");
	line_put_value(line, slice_from(process_name));
	line_put_text(line, " event=");
	line_put_value(line, slice_from(event));
	if (suppressed > 0)
	{
		(void) snprintf(count, sizeof count, " suppressed=%llu", (unsigned long long) suppressed);
		line_put_text(line, count);
	}
	return true;
}

static void line_end(Line *line)
{
	line->text[line->size++] = '\n';
	ssize_t written = write(STDERR_FILENO, line->text, line->size);
	(void) written; // there is nowhere left to complain
}

// The pairs stand as the caller wrote them; only what would break the line is escaped.
static void line_put_pairs(Line *line, const char *pairs)
{
	line_put_text(line, " ");
	for (const char *at = pairs; *at != '\0'; at++)
	{
		if (is_control((unsigned char) *at))
			line_put_control(line, (unsigned char) *at);
		else
			line_put(line, at, 1);
	}
}

void log_event(LogLevel level, const char *event, const char *format, ...)
{
	Line line;
	char pairs[LINE_SIZE_MAX];
	if (!line_begin(&line, level, event))
		return;
	if (format != NULL)
	{
		va_list arguments;
		va_start(arguments, format);
		int size = vsnprintf(pairs, sizeof pairs, format, arguments);
		va_end(arguments);
		if (size > 0)
			line_put_pairs(&line, pairs);
	}
	line_end(&line);
}

void log_text(LogLevel level, const char *event, const char *key, Slice text)
{
	Line line;
	if (!line_begin(&line, level, event))
		return;
	line_put_text(&line, " ");
	line_put_text(&line, key);
	line_put_text(&line, "=");
	line_put_value(&line, text);
	line_end(&line);
}

void log_error(const char *event, const Error *error)
{
	Line line;
	if (!line_begin(&line, LOG_ERROR, event))
		return;
	line_put_text(&line, " code=");
	line_put_value(&line, slice_from(error_name(error->code)));
	if (error->sqlstate[0] != '\0')
	{
		line_put_text(&line, " sqlstate=");
		line_put_value(&line, slice_from(error->sqlstate));
	}
	if (error->system_errno != 0)
	{
		char number[32];
		(void) snprintf(number, sizeof number, " errno=%d", error->system_errno);
		line_put_text(&line, number);
	}
	line_put_text(&line, " message=");
	line_put_value(&line, slice_from(error->message));
	line_end(&line);
}
