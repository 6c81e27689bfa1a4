// Errors: a code, the system's own code where there is one, and one sentence that names the subject.
// Set once at the origin, passed up unchanged, logged once at the boundary (command, request, job).
#pragma once
#include <stdbool.h>
#include <stddef.h>

// code, exit status of a command, HTTP status, name in answers
#define ERROR_CODES(X)                                                                                                 \
	X(ERROR_NONE, 0, 200, "ok")                                                                                        \
	X(ERROR_USAGE, 2, 400, "usage")                                                                                    \
	X(ERROR_BAD_INPUT, 1, 400, "bad_input")                                                                            \
	X(ERROR_UNAUTHORIZED, 1, 401, "unauthorized")                                                                      \
	X(ERROR_FORBIDDEN, 1, 403, "forbidden")                                                                            \
	X(ERROR_NOT_FOUND, 1, 404, "not_found")                                                                            \
	X(ERROR_CONFLICT, 1, 409, "conflict")                                                                              \
	X(ERROR_TOO_LARGE, 1, 413, "too_large")                                                                            \
	X(ERROR_TOO_MANY, 1, 429, "too_many")                                                                              \
	X(ERROR_BUSY, 1, 503, "busy")                                                                                      \
	X(ERROR_FULL, 1, 503, "full")                                                                                      \
	X(ERROR_MEMORY, 1, 503, "memory")                                                                                  \
	X(ERROR_SYSTEM, 1, 500, "system")                                                                                  \
	X(ERROR_DATABASE, 1, 500, "database")                                                                              \
	X(ERROR_DATABASE_AWAY, 1, 503, "database_away")                                                                    \
	X(ERROR_CORRUPT, 1, 500, "corrupt")

typedef enum ErrorCode {
#define X(code, exit_status, http_status, name) code,
	ERROR_CODES(X)
#undef X
} ErrorCode;

typedef struct Error {
	ErrorCode code;
	int system_errno;  // 0 where the error is not the system's
	char sqlstate[6];  // "" where the error is not the database's
	char message[512]; // one sentence: what, which, why, what to do; cut at the end if longer
} Error;

#define MUST_USE __attribute__((warn_unused_result))

// All three set *error (ignored if NULL) and return false, so that `return error_set(…)` reads well.
bool error_set(Error *error, ErrorCode code, const char *format, ...) __attribute__((format(printf, 3, 4)));
// As error_set, with ": " and the text of errno appended; keeps errno in system_errno.
bool error_set_errno(Error *error, ErrorCode code, const char *format, ...) __attribute__((format(printf, 3, 4)));
// Puts words before the sentence an earlier error holds; code and system codes stay.
bool error_prefix(Error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef __clang_analyzer__ // does not look into error.c
#define error_set(...) (error_set(__VA_ARGS__), false)
#define error_set_errno(...) (error_set_errno(__VA_ARGS__), false)
#define error_prefix(...) (error_prefix(__VA_ARGS__), false)
#endif

int error_exit_status(ErrorCode code);
int error_http_status(ErrorCode code);
const char *error_name(ErrorCode code);
