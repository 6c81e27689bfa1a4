// Reports that run beside the loop: shared, cancelled, bounded. A lock in the database holds them up for as long as a test
// wants.
#include "api_fixture.h"

#include "base/clock.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_MS 10000
#define POLL_MS 5

static PgConn *tables_block(ApiFixture *fixture)
{
	PgConn *blocker = test_postgres_open(fixture->dsn, TEST_SCHEMA);
	test_database_run(blocker, "BEGIN; LOCK page_views, overview_daily");
	return blocker;
}

// Asks for the overview up to a day, and does not wait for the answer.
static int ask(ApiFixture *fixture, int day)
{
	char request[512];
	int fd = test_connect(test_server_port(fixture->server));
	(void) snprintf(request, sizeof request,
		"GET /api/v1/overview?from=2026-01-01&to=2026-01-%02d HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
		day, fixture->token);
	test_send_text(fd, request);
	return fd;
}

static int status_of(ApiFixture *fixture, int fd)
{
	test_read_answer(fd, false, &fixture->answer);
	(void) close(fd);
	return fixture->answer.status;
}

static int reports_running(ApiFixture *fixture)
{
	return atoi(test_postgres_value(fixture->conn,
		"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'reader' AND wait_event_type = 'Lock'"));
}

static void wait_for_running(ApiFixture *fixture, int count)
{
	for (int waited_ms = 0; reports_running(fixture) != count; waited_ms += POLL_MS)
	{
		if (waited_ms > WAIT_MS)
			fail_msg("%d reports are running, not %d", reports_running(fixture), count);
		(void) poll(NULL, 0, POLL_MS);
	}
}

static long metric(ApiFixture *fixture, const char *name)
{
	char line[128];
	api_get(fixture, "/metrics", fixture->token);
	(void) snprintf(line, sizeof line, "\n%s ", name);
	const char *found = strstr(fixture->answer.body, line);
	return found == NULL ? 0 : strtol(found + strlen(line), NULL, 10);
}

static void wait_for_metric(ApiFixture *fixture, const char *name, long value)
{
	for (int waited_ms = 0; metric(fixture, name) != value; waited_ms += POLL_MS)
	{
		if (waited_ms > WAIT_MS)
			fail_msg("%s is %ld, not %ld", name, metric(fixture, name), value);
		(void) poll(NULL, 0, POLL_MS);
	}
}

// One that knows the tables and the statements answers many times sooner than a new one.
static void who_asks_one_after_another_has_the_same_connection(void **state)
{
	ApiFixture *fixture = *state;
	for (int day = 1; day <= 12; day++)
		assert_int_equal(status_of(fixture, ask(fixture, day)), 200);
	assert_string_equal(test_postgres_value(fixture->conn,
							"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'reader'"),
		"1");
}

static void who_asks_the_same_meanwhile_shares_one_run(void **state)
{
	ApiFixture *fixture = *state;
	int fds[5];
	char body[4096];
	long shared = metric(fixture, "sojourn_reports_shared_total");
	PgConn *blocker = tables_block(fixture);
	for (size_t i = 0; i < 5; i++)
		fds[i] = ask(fixture, 20);
	wait_for_metric(fixture, "sojourn_reports_shared_total", shared + 4);
	wait_for_running(fixture, 1);
	pg_close(blocker);
	for (size_t i = 0; i < 5; i++)
	{
		assert_int_equal(status_of(fixture, fds[i]), 200);
		if (i > 0)
			assert_memory_equal(fixture->answer.body, body, sizeof body);
		memcpy(body, fixture->answer.body, sizeof body);
	}
}

static void another_role_or_format_or_range_is_another_run(void **state)
{
	ApiFixture *fixture = *state;
	char token[API_TOKEN_SIZE];
	char request[512];
	int64_t id = 0;
	Error error;
	assert_true(api_token_create(fixture->conn, "other", API_ROLE_ADMIN, 0, token, &id, &error));
	PgConn *blocker = tables_block(fixture);
	int fds[3] = {ask(fixture, 20), ask(fixture, 21), test_connect(test_server_port(fixture->server))};
	(void) snprintf(request, sizeof request,
		"GET /api/v1/overview?from=2026-01-01&to=2026-01-20 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
		token);
	test_send_text(fds[2], request);
	wait_for_running(fixture, 3);
	pg_close(blocker);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(status_of(fixture, fds[i]), 200);
}

static void while_a_report_runs_the_rest_answers(void **state)
{
	ApiFixture *fixture = *state;
	PgConn *blocker = tables_block(fixture);
	int fd = ask(fixture, 20);
	wait_for_running(fixture, 1);
	static const char *const paths[] = {"/healthz", "/readyz", "/api/v1/system", "/", "/api/v1/overview?tz=x"};
	static const int statuses[] = {200, 200, 200, 200, 400};
	// The last one asks the database for its zones, and not for what is locked.
	for (size_t i = 0; i < 5; i++)
	{
		api_get(fixture, paths[i], fixture->token);
		assert_int_equal(fixture->answer.status, statuses[i]);
	}
	assert_int_equal(reports_running(fixture), 1);
	pg_close(blocker);
	assert_int_equal(status_of(fixture, fd), 200);
}

static void a_report_nobody_waits_for_is_cancelled(void **state)
{
	ApiFixture *fixture = *state;
	long cancelled = metric(fixture, "sojourn_reports_cancelled_total");
	PgConn *blocker = tables_block(fixture);
	int first = ask(fixture, 22);
	wait_for_running(fixture, 1);
	long shared = metric(fixture, "sojourn_reports_shared_total");
	int second = ask(fixture, 22);
	wait_for_metric(fixture, "sojourn_reports_shared_total", shared + 1);
	(void) close(first);
	// One still waits. That the loop has seen the other leave shows in that it has answered what came later.
	for (int i = 0; i < 3; i++)
		api_get(fixture, "/api/v1/system", fixture->token);
	assert_int_equal(reports_running(fixture), 1);
	assert_int_equal(metric(fixture, "sojourn_reports_cancelled_total"), cancelled);
	(void) close(second);
	wait_for_running(fixture, 0); // long before the statement time-out
	assert_int_equal(metric(fixture, "sojourn_reports_cancelled_total"), cancelled + 1);
	// The connection goes on, and what is asked next is no victim of the cancelling.
	int next[3] = {ask(fixture, 22), ask(fixture, 23), ask(fixture, 24)};
	wait_for_running(fixture, 3);
	pg_close(blocker);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(status_of(fixture, next[i]), 200);
}

static void what_is_too_much_at_once_is_refused_and_those_who_leave_make_room(void **state)
{
	ApiFixture *fixture = *state;
	int fds[7];
	PgConn *blocker = tables_block(fixture);
	for (int i = 0; i < 3; i++)
		fds[i] = ask(fixture, 10 + i);
	wait_for_running(fixture, 3);
	for (int i = 3; i < 7; i++)
		fds[i] = ask(fixture, 10 + i);
	wait_for_metric(fixture, "sojourn_reports_waiting", 4);
	assert_int_equal(status_of(fixture, ask(fixture, 30)), 503);
	api_is_problem(fixture, 503, "busy");
	assert_in_range(atoi(api_header(fixture, "Retry-After")), 1, 60);
	// What is running can still be joined.
	int joined = ask(fixture, 10);
	(void) close(fds[6]);
	wait_for_metric(fixture, "sojourn_reports_waiting", 3);
	int late = ask(fixture, 30);
	wait_for_metric(fixture, "sojourn_reports_waiting", 4);
	pg_close(blocker);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(status_of(fixture, fds[i]), 200);
	assert_int_equal(status_of(fixture, joined), 200);
	assert_int_equal(status_of(fixture, late), 200);
}

static void an_answer_is_packed_and_not_sent_again_where_the_client_has_it(void **state)
{
	ApiFixture *fixture = *state;
	char head[512];
	char etag[64];
	static const char target[] = "/api/v1/overview?from=2026-01-01&to=2026-01-20";
	api_get(fixture, target, fixture->token);
	size_t plain_size = fixture->answer.body_size;
	assert_string_equal(api_header(fixture, "Content-Encoding"), "");
	(void) snprintf(etag, sizeof etag, "%s", api_header(fixture, "ETag"));
	static const char *const refusing[] = {"identity", "gzip;q=0", "br"};
	for (size_t i = 0; i < 3; i++)
	{
		(void) snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nAuthorization: Bearer %s\r\nAccept-Encoding: %s\r\n",
			target, fixture->token, refusing[i]);
		api_send(fixture, head);
		assert_int_equal(fixture->answer.body_size, plain_size);
	}
	(void) snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nAuthorization: Bearer %s\r\nAccept-Encoding: br, gzip\r\n",
		target, fixture->token);
	api_send(fixture, head);
	assert_string_equal(api_header(fixture, "Content-Encoding"), "gzip");
	assert_true(fixture->answer.body_size < plain_size / 2);
	assert_string_equal(api_header(fixture, "ETag"), etag);
	(void) snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nAuthorization: Bearer %s\r\nIf-None-Match: %s\r\n", target,
		fixture->token, etag);
	api_send(fixture, head);
	assert_int_equal(fixture->answer.status, 304);
	assert_string_equal(api_header(fixture, "ETag"), etag);
}

// Last: it takes the server down while reports run and wait.
static void closing_does_not_wait_for_what_runs(void **state)
{
	ApiFixture *fixture = *state;
	int fds[5];
	PgConn *blocker = tables_block(fixture);
	for (int i = 0; i < 5; i++)
		fds[i] = ask(fixture, 10 + i);
	wait_for_running(fixture, 3);
	int64_t begun_us = clock_monotonic_us();
	test_server_stop(fixture->server);
	api_close(fixture->api);
	assert_true(clock_monotonic_us() - begun_us < WAIT_MS * 1000);
	fixture->api = NULL;
	fixture->server = NULL;
	for (int i = 0; i < 5; i++)
		assert_int_equal(status_of(fixture, fds[i]), 503);
	pg_close(blocker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_one_after_another_has_the_same_connection),
		cmocka_unit_test(who_asks_the_same_meanwhile_shares_one_run),
		cmocka_unit_test(another_role_or_format_or_range_is_another_run),
		cmocka_unit_test(while_a_report_runs_the_rest_answers),
		cmocka_unit_test(a_report_nobody_waits_for_is_cancelled),
		cmocka_unit_test(what_is_too_much_at_once_is_refused_and_those_who_leave_make_room),
		cmocka_unit_test(an_answer_is_packed_and_not_sent_again_where_the_client_has_it),
		cmocka_unit_test(closing_does_not_wait_for_what_runs),
	};
	api_statement_timeout_ms = 60000;
	return cmocka_run_group_tests(tests, api_set_up, api_tear_down);
}
