// Messages of the intake read without HTTP around them.
#pragma once
#include "intake/message.h"

#define TEST_MESSAGE_NOW_MS INT64_C(1763862000000) // 2025-11-23T01:40:00Z

// Rules and sender may be changed between calls; a fresh one is opt-out, a browser key "shop", clock at the time above.
typedef struct TestReader {
	IntakeRules rules;
	IntakeSender sender;
	WriteKey key;
	Arena tree;
	Arena scratch;
	Buf json;
	IntakeMessage message; // of the last read
} TestReader;

void test_reader_open(TestReader *reader);
void test_reader_close(TestReader *reader);
// Single quotes in `text` stand for double ones. envelope may be NULL. The kind comes from the message's type.
Refusal test_reader_read(TestReader *reader, const char *text, const char *envelope);
