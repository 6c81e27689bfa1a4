// JSON in (yajl; this is the room that names it) and out. A parsed text is a tree in an arena. Numbers stay text, so that
// nothing is rounded. Strings are valid UTF-8, unescaped, and hold no NUL: \u0000 becomes U+FFFD, as does an unpaired
// surrogate. Of equal keys in one object the last wins: the earlier ones are not in the tree.
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#define JSON_DEPTH_MAX 32 // arrays and objects inside one another; more is ERROR_BAD_INPUT
// Numbers beyond these are legal JSON, but PostgreSQL's numeric refuses some of them and writes others out in thousands of
// digits: json_write_value writes them as strings. Every double is within them.
#define JSON_NUMBER_SIZE_MAX 100
#define JSON_NUMBER_EXPONENT_MAX 400

typedef enum JsonType { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } JsonType;

typedef struct JsonValue JsonValue;
struct JsonValue {
	JsonType type;
	unsigned count;   // children of an array or object
	Slice text;       // of a number or string
	Slice key;        // where the parent is an object
	JsonValue *first; // child of an array or object
	JsonValue *next;  // sibling
};

// One value and nothing behind it. ERROR_BAD_INPUT says what and at which byte; ERROR_TOO_LARGE when the arena is full
// (it takes the text once and 56 bytes a value). The tree does not need `text` any more.
bool json_parse(Slice text, Arena *arena, JsonValue **value, Error *error) MUST_USE;

// All of these take NULL for "no such value".
const JsonValue *json_get(const JsonValue *object, const char *key); // NULL if not an object or not there
Slice json_string(const JsonValue *value);                           // SLICE_NONE unless a string
Slice json_scalar(const JsonValue *value); // text of a string, number, true, false; SLICE_NONE otherwise
// These leave *number or *truth alone where they return false, so that a default may stand there.
bool json_int64(const JsonValue *value, int64_t *number); // whole numbers (also 1.0, 1e3), or such a string
bool json_double(const JsonValue *value, double *number); // a finite number, or a string that is one
bool json_bool(const JsonValue *value, bool *truth);      // true, false
bool json_is_object(const JsonValue *value);
bool json_is_array(const JsonValue *value);

// Writing: the caller puts the commas. What is written is accepted by PostgreSQL's jsonb, whatever comes in: in strings,
// bytes that are not UTF-8 and NULs become U+FFFD. SLICE_NONE is written as null.
void json_write_string(Buf *buf, Slice text);
void json_write_value(Buf *buf, const JsonValue *value); // compact; NULL is written as null
// Whether a number is within the limits above.
bool json_number_is_storable(Slice number);
// "key": with its comma before it unless the buffer ends in '{' or '['.
void json_write_key(Buf *buf, const char *key);
