// Log lines in logfmt on stderr: time=… level=info process=worker event=buffer.sealed key=value …
// A value is quoted when it holds a space, quote, '=' or control byte; control bytes are escaped. The same event is
// written at most LOG_REPEATS_PER_MINUTE times a minute; what was held back is counted in the next line of that event
// (suppressed=N). Never give it an IP, a query string, an SQL parameter, a secret or anything else of a person.
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define LOG_REPEATS_PER_MINUTE 60

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR } LogLevel;

// `process` is named in each line; it must outlive the log. Lines below `least` are dropped. Thread-safe.
void log_init(const char *process, LogLevel least);
bool log_level_parse(Slice text, LogLevel *level) MUST_USE; // debug, info, warning, error

// format gives "key=value key=value" pairs, values without spaces (NULL for none); use log_text for free text.
void log_event(LogLevel level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));
// One pair whose value is free text, quoted and escaped as needed.
void log_text(LogLevel level, const char *event, const char *key, Slice text);
// Logs an error once, at the boundary: event, code, sqlstate where there is one, message.
void log_error(const char *event, const Error *error);
