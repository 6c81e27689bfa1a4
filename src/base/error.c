#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef error_set
#undef error_set_errno
#undef error_prefix

static void message_format(Error *error, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static void message_format(Error *error, const char *format, va_list arguments)
{
	(void) vsnprintf(error->message, sizeof error->message, format, arguments);
}

bool error_set(Error *error, ErrorCode code, const char *format, ...)
{
	if (error == NULL)
		return false;
	*error = (Error){.code = code};
	va_list arguments;
	va_start(arguments, format);
	message_format(error, format, arguments);
	va_end(arguments);
	return false;
}

bool error_set_errno(Error *error, ErrorCode code, const char *format, ...)
{
	int saved = errno;
	if (error == NULL)
		return false;
	*error = (Error){.code = code, .system_errno = saved};
	va_list arguments;
	va_start(arguments, format);
	message_format(error, format, arguments);
	va_end(arguments);
	size_t used = strlen(error->message);
	(void) snprintf(error->message + used, sizeof error->message - used, ": %s", strerror(saved));
	return false;
}

bool error_prefix(Error *error, const char *format, ...)
{
	if (error == NULL)
		return false;
	char rest[sizeof error->message];
	memcpy(rest, error->message, sizeof rest);
	va_list arguments;
	va_start(arguments, format);
	message_format(error, format, arguments);
	va_end(arguments);
	size_t used = strlen(error->message);
	(void) snprintf(error->message + used, sizeof error->message - used, "%s", rest);
	return false;
}

typedef struct CodeRow {
	int exit_status;
	int http_status;
	const char *name;
} CodeRow;

static const CodeRow code_rows[] = {
#define X(code, exit_status, http_status, name) [code] = {exit_status, http_status, name},
	ERROR_CODES(X)
#undef X
};

int error_exit_status(ErrorCode code)
{
	return code_rows[code].exit_status;
}

int error_http_status(ErrorCode code)
{
	return code_rows[code].http_status;
}

const char *error_name(ErrorCode code)
{
	return code_rows[code].name;
}
