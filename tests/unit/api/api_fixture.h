// What the tests of the API share: a migrated database, the API on a real port, and a good token.
#pragma once
#include "api/api.h"
#include "api/tokens.h"
#include "base/json.h"
#include "harness/database.h"
#include "harness/http.h"

typedef struct ApiFixture {
	PgConn *conn; // may write
	char dsn[TEST_DSN_SIZE];
	Api *api;
	TestServer *server;
	char token[API_TOKEN_SIZE];
	int64_t token_id;
	TestAnswer answer;
	Arena arena;
} ApiFixture;

extern int api_statement_timeout_ms; // of reports; set before the fixture is made

int api_set_up(void **state);
int api_tear_down(void **state);

// Asks with the good token ("" for none); the answer is in fixture->answer.
void api_get(ApiFixture *fixture, const char *target, const char *token);
// As api_get, with all of the request's head but Host.
void api_send(ApiFixture *fixture, const char *head);
const char *api_header(const ApiFixture *fixture, const char *name);
// The answer's body, parsed; fails the test where it is no JSON.
const JsonValue *api_json(ApiFixture *fixture);
// The answer is a problem of this status and code.
void api_is_problem(ApiFixture *fixture, int status, const char *code);
// The text of a member of the answer's object, "" where it is not there.
const char *api_member(ApiFixture *fixture, const char *name);
