#include "base/metric.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

// Sorted by name, then by labels, so that a name's rows stand together.
static Metric *first_metric;
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;

static int metric_compare(const Metric *left, const Metric *right)
{
	int order = strcmp(left->name, right->name);
	if (order != 0)
		return order;
	return strcmp(left->labels == NULL ? "" : left->labels, right->labels == NULL ? "" : right->labels);
}

static void metric_register(Metric *metric)
{
	if (atomic_load_explicit(&metric->is_registered, memory_order_acquire) != 0)
		return;
	(void) pthread_mutex_lock(&list_lock);
	if (atomic_load(&metric->is_registered) == 0)
	{
		Metric **link = &first_metric;
		while (*link != NULL && metric_compare(*link, metric) < 0)
			link = &(*link)->next;
		metric->next = *link;
		*link = metric;
		atomic_store_explicit(&metric->is_registered, 1, memory_order_release);
	}
	(void) pthread_mutex_unlock(&list_lock);
}

void metric_add(Metric *metric, int64_t amount)
{
	metric_register(metric);
	(void) atomic_fetch_add_explicit(&metric->value, amount, memory_order_relaxed);
}

void metric_set(Metric *metric, int64_t value)
{
	metric_register(metric);
	atomic_store_explicit(&metric->value, value, memory_order_relaxed);
}

int64_t metric_value(const Metric *metric)
{
	return atomic_load_explicit(&metric->value, memory_order_relaxed);
}

static void head_write(Buf *buf, const Metric *metric)
{
	buf_append_format(buf, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name,
		metric->kind == METRIC_COUNTER ? "counter" : "gauge");
}

void metric_write_all(Buf *buf)
{
	const char *name = "";
	(void) pthread_mutex_lock(&list_lock);
	for (const Metric *metric = first_metric; metric != NULL; metric = metric->next)
	{
		if (strcmp(metric->name, name) != 0)
			head_write(buf, metric);
		name = metric->name;
		buf_append_text(buf, name);
		if (metric->labels != NULL)
			buf_append_format(buf, "{%s}", metric->labels);
		buf_append_format(buf, " %" PRId64 "\n", metric_value(metric));
	}
	(void) pthread_mutex_unlock(&list_lock);
}
