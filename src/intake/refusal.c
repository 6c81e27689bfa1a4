#include "intake/refusal.h"

#include "base/metric.h"

static const struct {
	const char *code;
	const char *sentence;
} rows[] = {
#define X(reason, code, sentence) [REFUSAL_##reason] = {code, sentence},
	REFUSALS(X)
#undef X
};

const char *refusal_code(Refusal refusal)
{
	return rows[refusal].code;
}

const char *refusal_sentence(Refusal refusal)
{
	return rows[refusal].sentence;
}

void refusal_count(Refusal refusal)
{
#define HELP "Hits that were refused when they came in, by reason."
	static Metric metrics[REFUSAL_COUNT] = {
#define X(reason, code, sentence)                                                                                      \
	[REFUSAL_##reason] = METRIC_COUNTER_INIT("sojourn_hits_refused_total", HELP, "reason=\"" #reason "\""),
		REFUSALS(X)
#undef X
	};
	metric_add(&metrics[refusal], 1);
}
