#include "intake/pressure.h"

#include "base/address.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/metric.h"
#include "base/address_rates.h"

#define SECOND_US INT64_C(1000000)
#define TELL_AGAIN_US (60 * SECOND_US)
#define SHARE_RETRY_SECONDS 5 // when there will be room depends on the loader

struct Pressure {
	PressureOptions options;
	AddressRates *addresses;
	ShareRoom room; // as last looked at
};

// What may say no.
typedef struct Holder {
	Metric metric; // of hits
	const char *event;
	ErrorCode code;
	const char *sentence;
} Holder;

#define HOLDER_METRIC(reason)                                                                                          \
	METRIC_COUNTER_INIT("sojourn_hits_held_back_total",                                                                \
		"Hits of requests that were refused whole and are to be sent again later, by reason.",                         \
		"reason=\"" reason "\"")

static Holder holder_key = {HOLDER_METRIC("key_rate"), "intake.key_over_rate", ERROR_TOO_MANY,
	"The write key sends more hits than it may; send them again later."};
static Holder holder_address = {HOLDER_METRIC("address_rate"), "intake.address_over_rate", ERROR_TOO_MANY,
	"More hits come from this address than may; send them again later."};
static Holder holder_share = {HOLDER_METRIC("key_share"), "intake.key_over_share", ERROR_FULL,
	"More hits of the write key wait to be stored than is its share; send them again later."};

bool pressure_open(const PressureOptions *options, Pressure **pressure, Error *error)
{
	Pressure *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for the rates of write keys.");
	opened->options = *options;
	if (!address_rates_open(&opened->addresses, error))
	{
		memory_free(opened);
		return false;
	}
	if (options->look != NULL)
		opened->room = options->look(options->context);
	*pressure = opened;
	return true;
}

void pressure_close(Pressure *pressure)
{
	if (pressure == NULL)
		return;
	address_rates_close(pressure->addresses);
	memory_free(pressure);
}

static int64_t cost_of(const PressureRequest *request)
{
	int64_t by_size = (int64_t) (request->bytes / PRESSURE_HIT_BYTES);
	return by_size > request->hits ? by_size : request->hits;
}

// 0 where there is none.
static RateLimit limit_of_key(const Settings *settings, const WriteKey *key)
{
	int64_t rate = key->rate_hits == 0 ? settings->rate_limit_key_hits : key->rate_hits;
	return (RateLimit){rate < 0 ? 0 : rate, rate < 0 ? 0 : rate * settings->rate_limit_burst_seconds};
}

// NULL where the address is not limited.
static RateBucket *bucket_of_address(Pressure *pressure, const PressureRequest *request, const RateLimit *limit,
	int64_t now_us)
{
	Address address;
	if (limit->per_second == 0 || request->key->kind == KEY_SERVER || !address_parse(request->ip, &address)
		|| address_is_private(&address))
		return NULL;
	return address_rates_bucket(pressure->addresses, limit, address_network(&address), now_us);
}

// Of each key once a minute, whatever held it back.
static void key_tell(const PressureRequest *request, KeyTraffic *traffic, const Holder *holder, int64_t now_us)
{
	if (traffic->told_us != 0 && now_us - traffic->told_us < TELL_AGAIN_US)
		return;
	traffic->told_us = now_us;
	log_text(LOG_WARNING, holder->event, "key", request->key->name);
}

static bool hold_back(Holder *holder, const PressureRequest *request, KeyTraffic *traffic, int64_t now_us, Error *error)
{
	metric_add(&holder->metric, request->hits);
	key_tell(request, traffic, holder, now_us);
	return error_set(error, holder->code, "%s", holder->sentence);
}

// What has been loaded since the last look waits no longer.
static void room_look(Pressure *pressure)
{
	Keys *keys = pressure->options.keys;
	if (pressure->options.look == NULL)
		return;
	ShareRoom room = pressure->options.look(pressure->options.context);
	if (room.waiting_bytes < pressure->room.waiting_bytes + (room.appended_bytes - pressure->room.appended_bytes))
	{
		for (size_t at = 0; at < keys_count(keys); at++)
		{
			KeyTraffic *traffic = keys_traffic_at(keys, at);
			traffic->waiting_bytes = share_left(traffic->waiting_bytes, &pressure->room, &room);
		}
	}
	pressure->room = room;
}

static bool is_over_share(const Pressure *pressure, const KeyTraffic *traffic)
{
	return pressure->options.look != NULL && keys_count(pressure->options.keys) > 1
		&& share_is_over(traffic->waiting_bytes, &pressure->room);
}

bool pressure_begin(Pressure *pressure, const PressureRequest *request, int64_t now_us, int64_t *retry_seconds,
	Error *error)
{
	const Settings *settings = pressure->options.settings;
	KeyTraffic *traffic = keys_traffic(pressure->options.keys, request->key);
	const RateLimit key_limit = limit_of_key(settings, request->key);
	const RateLimit address_limit = {settings->rate_limit_address_hits,
		settings->rate_limit_address_hits * settings->rate_limit_burst_seconds};
	int64_t cost = cost_of(request);
	room_look(pressure);
	if (request->hits == 0)
		return true;
	int64_t wait_us = key_limit.per_second == 0 ? 0 : rate_wait_us(&traffic->rate, &key_limit, cost, now_us);
	Holder *holder = wait_us > 0 ? &holder_key : NULL;
	RateBucket *bucket = holder != NULL ? NULL : bucket_of_address(pressure, request, &address_limit, now_us);
	if (bucket != NULL)
		wait_us = rate_wait_us(bucket, &address_limit, cost, now_us);
	if (bucket != NULL && wait_us > 0)
		holder = &holder_address;
	if (holder == NULL && is_over_share(pressure, traffic))
	{
		holder = &holder_share;
		wait_us = SHARE_RETRY_SECONDS * SECOND_US;
	}
	if (holder != NULL)
	{
		*retry_seconds = (wait_us + SECOND_US - 1) / SECOND_US;
		return hold_back(holder, request, traffic, now_us, error);
	}
	if (key_limit.per_second > 0)
		rate_take(&traffic->rate, &key_limit, cost, now_us);
	if (bucket != NULL)
		rate_take(bucket, &address_limit, cost, now_us);
	return true;
}

void pressure_end(Pressure *pressure, const PressureRequest *request)
{
	uint64_t appended_before = pressure->room.appended_bytes;
	KeyTraffic *traffic = keys_traffic(pressure->options.keys, request->key);
	room_look(pressure);
	traffic->waiting_bytes += pressure->room.appended_bytes - appended_before;
}
