// Metrics of this process: counters (only up) and gauges, in Prometheus' text format. A metric is a static variable that
// registers itself at its first use (add 0 to show it before); all operations are atomic. A name stands at one place of the
// program, or with other labels each time; of metrics that share one, all give the same help and kind.
#pragma once
#include "base/buf.h"

typedef enum MetricKind { METRIC_COUNTER, METRIC_GAUGE } MetricKind;

typedef struct Metric Metric;
struct Metric {
	const char *name; // sojourn_hits_accepted_total
	const char *help; // one sentence
	MetricKind kind;
	const char *labels; // `reason="too_large"`, or NULL
	_Atomic int64_t value;
	_Atomic int is_registered;
	Metric *next;
};

#define METRIC_COUNTER_INIT(metric_name, metric_help, metric_labels)                                                   \
	{                                                                                                                  \
		.name = (metric_name), .help = (metric_help), .kind = METRIC_COUNTER, .labels = (metric_labels)                \
	}
#define METRIC_GAUGE_INIT(metric_name, metric_help, metric_labels)                                                     \
	{                                                                                                                  \
		.name = (metric_name), .help = (metric_help), .kind = METRIC_GAUGE, .labels = (metric_labels)                  \
	}

void metric_add(Metric *metric, int64_t amount);
void metric_set(Metric *metric, int64_t value);
int64_t metric_value(const Metric *metric);
// All registered ones, grouped by name, HELP and TYPE once a name.
void metric_write_all(Buf *buf);
