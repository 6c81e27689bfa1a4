// Whoever is erased, or made nobody, out of whatever hits: nobody else's rows change, and all hits sent once more bring nothing back.
#include "harness/hit_case.h"
#include "harness/rollups.h"
#include "privacy/export.h"
#include "privacy/request.h"
#include "privacy/work.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool figures(void *context, PgConn *conn, Error *error)
{
	(void) context;
	const RollupOptions options = ROLLUPS_OPTIONS;
	RollupCounts counts;
	return rollup_refresh(conn, &options, &counts, error);
}

static bool texts(void *context, PgConn *conn, bool *is_done, Error *error)
{
	(void) context;
	return rollup_sweep(conn, TEST_SCHEMA, is_done, error);
}

static void carry_out(Loading *world, int64_t person, PrivacyAction action)
{
	Error error = {0};
	bool is_elsewhere = false;
	const PrivacyWork work = {.session_timeout_ms = TIMEOUT_MS,
		.buffer_folder = "/nonexistent",
		.patience_ms = 60000,
		.figures = figures,
		.texts = texts};
	if (!privacy_ask(world->look, person, action, "test", &error)
		|| !privacy_work(world->look, &work, &is_elsewhere, &error))
		fail_msg("%s", error.message);
	assert_false(is_elsewhere);
	assert_string_equal(test_postgres_value(world->look, "SELECT count(*) FROM person_requests"), "0");
}

// Of one person, $1, or of none: 0.
static char *value(Loading *world, const char *sql, int64_t person)
{
	char id[24];
	Error error = {0};
	PgResult *result = NULL;
	(void) snprintf(id, sizeof id, "%lld", (long long) person);
	if (!pg_query(world->look, sql, (PgParam[]){pg_param(id)}, person == 0 ? 0 : 1, &result, &error))
		fail_msg("%s", error.message);
	Slice text = pg_text(result, 0, 0);
	char *copy = strndup(text.data, text.size);
	pg_result_free(result);
	assert_non_null(copy);
	return copy;
}

// Rows of everybody but one, and of nobody in particular.
static char *others(Loading *world, int64_t person)
{
	return value(world,
		"SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') FROM ("
		" SELECT format('view %s %s %s %s', id, person_id, session_id, page_url) AS line FROM page_views"
		" WHERE person_id <> $1 AND person_id <> 0 AND person_id > -4611686018427387905"
		" UNION ALL SELECT format('event %s %s %s %s', id, person_id, session_id, event_action) FROM user_events"
		" WHERE person_id <> $1 AND person_id <> 0 AND person_id > -4611686018427387905"
		" UNION ALL SELECT format('session %s %s %s', id, person_id, device_type) FROM user_sessions"
		" WHERE person_id <> $1 AND person_id <> 0 AND person_id > -4611686018427387905"
		" UNION ALL SELECT format('person %s %s', id, traits) FROM persons WHERE id <> $1 AND id <> 0"
		" UNION ALL SELECT format('alias %s %s', identify_id, person_id) FROM person_aliases"
		" WHERE person_id <> $1 AND person_id <> erased_person()) AS lines",
		person);
}

static char *held(Loading *world, int64_t person)
{
	return value(world,
		"SELECT (SELECT count(*) FROM page_views WHERE person_id = $1) + (SELECT count(*) FROM user_events WHERE "
		"person_id = "
		"$1) + (SELECT count(*) FROM user_sessions WHERE person_id = $1) + (SELECT count(*) FROM "
		"session_attribution WHERE "
		"person_id = $1) + (SELECT count(*) FROM persons WHERE id = $1) + (SELECT count(*) FROM session_summaries "
		"WHERE "
		"person_id = $1)",
		person);
}

static char *nobodys(Loading *world)
{
	return value(world,
		"SELECT format('%s %s', (SELECT count(*) FROM page_views WHERE person_id = 0 OR person_id < "
		"-4611686018427387904), "
		"(SELECT count(*) FROM user_events WHERE person_id = 0 OR person_id < -4611686018427387904))",
		0);
}

static char *own(Loading *world, int64_t person)
{
	return value(world,
		"SELECT format('%s %s', (SELECT count(*) FROM page_views WHERE person_id = $1), "
		"(SELECT count(*) FROM user_events WHERE person_id = $1))",
		person);
}

static void is_same(const Case *made, const char *what, const char *wanted, const char *got, int64_t person)
{
	if (strcmp(wanted, got) == 0)
		return;
	hit_case_print(made);
	(void) fprintf(stderr, "── %s of %lld, before:\n%s\n── behind:\n%s\n", what, (long long) person, wanted, got);
	fail_msg("%s", what);
}

static bool lines_count(void *context, Slice text, Error *error)
{
	(void) error;
	*(size_t *) context += text.size;
	return true;
}

static void exports_as_much_as_is_held(Loading *world, int64_t person)
{
	Error error = {0};
	size_t size = 0;
	int64_t rows = 0;
	const PrivacyExport asked = {.conn = world->look, .person = person, .sink = lines_count, .context = &size};
	if (!privacy_export(&asked, &rows, &error))
		fail_msg("%s", error.message);
	char *count = value(world,
		"SELECT (SELECT count(*) FROM page_views WHERE person_id = $1) + (SELECT count(*) FROM user_events WHERE "
		"person_id = "
		"$1) + (SELECT count(*) FROM user_sessions WHERE person_id = $1)",
		person);
	assert_true(rows >= strtoll(count, NULL, 10) && size > 0);
	free(count);
}

// Where anybody is left to be counted.
static void figures_are_right(Loading *world)
{
	if (strcmp(test_postgres_value(world->look, "SELECT EXISTS (SELECT FROM user_sessions)"), "t") == 0)
		rollups_are_right(world->look, 100000);
}

static void one_goes(Loading *world, const Case *made, int64_t person, PrivacyAction action)
{
	char *before = others(world, person);
	char *rows = privacy_action_is_erase(action) ? strdup("0 0") : own(world, person);
	exports_as_much_as_is_held(world, person);
	carry_out(world, person, action);
	char *behind = others(world, person);
	char *left = held(world, person);
	char *became = nobodys(world);
	is_same(made, "others' rows", before, behind, person);
	is_same(made, "rows that are left", "0", left, person);
	is_same(made, "rows that became nobody's", rows, became, person);
	figures_are_right(world);
	free(behind);
	free(left);
	free(became);
	loading_store_payloads(world, 0, made->payloads, made->count);
	loading_sweep(world, END_MS);
	rollups_refresh(world->look);
	behind = others(world, person);
	left = held(world, person);
	is_same(made, "others' rows, with all sent once more", before, behind, person);
	is_same(made, "rows that came back", "0", left, person);
	figures_are_right(world);
	free(before);
	free(behind);
	free(left);
	free(rows);
}

static void whoever_goes_is_gone_and_nobody_else_is(void **state)
{
	Loading *world = *state;
	RandomCase random = random_case_begin("erase");
	for (size_t at = 0; at < random_case_count(12); at++)
	{
		static Case made;
		hit_case_make(&random, &made);
		loading_empty(world);
		loading_store_payloads(world, 0, made.payloads, made.count);
		loading_sweep(world, END_MS);
		rollups_refresh(world->look);
		const char *persons = test_postgres_value(world->look,
			"SELECT string_agg(DISTINCT person_id::text, ' ') FROM user_sessions WHERE person_id <> 0");
		int64_t person = strtoll(persons, NULL, 10);
		for (size_t skip = random_case_below(&random, 4); skip > 0 && strchr(persons, ' ') != NULL; skip--)
		{
			persons = strchr(persons, ' ') + 1;
			person = strtoll(persons, NULL, 10);
		}
		if (person != 0)
			one_goes(world, &made, person, (PrivacyAction) random_case_below(&random, PRIVACY_ACTION_COUNT));
		arena_free(&made.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_goes_is_gone_and_nobody_else_is),
	};
	return cmocka_run_group_tests(tests, hit_case_set_up, hit_case_tear_down);
}
