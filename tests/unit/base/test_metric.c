#include "base/metric.h"

#include <pthread.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static Metric requests = METRIC_COUNTER_INIT("test_requests_total", "Requests.", NULL);
static Metric refused_large = METRIC_COUNTER_INIT("test_refused_total", "Refused.", "reason=\"too_large\"");
static Metric refused_bad = METRIC_COUNTER_INIT("test_refused_total", "Refused.", "reason=\"bad\"");
static Metric open_connections = METRIC_GAUGE_INIT("test_connections", "Open connections.", NULL);
static Metric unused = METRIC_COUNTER_INIT("test_unused_total", "Never touched.", NULL);
static Metric shared = METRIC_COUNTER_INIT("test_shared_total", "Shared by threads.", NULL);

static void test_all_are_written_grouped_by_name(void **state)
{
	(void) state;
	Buf buf;
	buf_init(&buf, 10000);
	metric_add(&requests, 2);
	metric_add(&requests, 3);
	metric_add(&refused_large, 1);
	metric_set(&open_connections, 7);
	metric_set(&open_connections, -1);
	metric_add(&refused_bad, 0);
	assert_int_equal(metric_value(&requests), 5);
	assert_int_equal(metric_value(&unused), 0);
	metric_write_all(&buf);
	assert_true(slice_equal_text(buf_slice(&buf),
		"# HELP test_connections Open connections.\n"
		"# TYPE test_connections gauge\n"
		"test_connections -1\n"
		"# HELP test_refused_total Refused.\n"
		"# TYPE test_refused_total counter\n"
		"test_refused_total{reason=\"bad\"} 0\n"
		"test_refused_total{reason=\"too_large\"} 1\n"
		"# HELP test_requests_total Requests.\n"
		"# TYPE test_requests_total counter\n"
		"test_requests_total 5\n"));
	buf_free(&buf);
}

static void *count(void *context)
{
	for (int i = 0; i < 10000; i++)
		metric_add(context, 1);
	return NULL;
}

static void test_threads_lose_no_count(void **state)
{
	(void) state;
	pthread_t threads[4];
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, &shared), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(metric_value(&shared), 40000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_written_grouped_by_name),
		cmocka_unit_test(test_threads_lose_no_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
