// Back-pressure: whether a request may be taken now. Each of three may say no, and then nothing of the request is kept and its
// sender is told when to come again:
//
//   the rate of its write key         429   rate_limit_key_hits, or the key's own
//   the rate of its client's address  429   rate_limit_address_hits; of browsers' keys, and of public addresses only
//   its key's share of the buffer     503   share.h; where there is more than one key
//
// Where two say no, the first is told. A request costs as many hits as it holds, or one for every PRESSURE_HIT_BYTES of it where
// that is more: what fills the buffer is bytes.
//
// Not limited by address: servers, which send for everybody; addresses of networks of one's own (loopback, private), since that
// is where a proxy comes from which the settings do not name, and all visitors with it; and addresses that are not known.
#pragma once
#include "base/error.h"
#include "config/settings.h"
#include "intake/keys.h"
#include "intake/share.h"

#define PRESSURE_HIT_BYTES 4096

typedef struct Pressure Pressure;

typedef ShareRoom (*PressureLook)(void *context);

typedef struct PressureOptions {
	const Settings *settings; // rate_limit_*: read at each request
	Keys *keys;
	PressureLook look; // how full the buffer is; NULL: no key is held to a share
	void *context;
} PressureOptions;

typedef struct PressureRequest {
	const WriteKey *key;
	Slice ip; // of the client, as it came
	int64_t hits;
	size_t bytes; // of the body, unpacked, and what its hits share counted for each
} PressureRequest;

// Keeps `options` by value; what they point at must outlive it.
bool pressure_open(const PressureOptions *options, Pressure **pressure, Error *error) MUST_USE;
void pressure_close(Pressure *pressure); // NULL is fine

// True: counted against the rates; the hits may go to the buffer, and pressure_end is called. False: ERROR_TOO_MANY or
// ERROR_FULL, and in how many seconds the same request would be taken if no other came. now_us by the monotonic clock.
bool pressure_begin(Pressure *pressure, const PressureRequest *request, int64_t now_us, int64_t *retry_seconds,
	Error *error) MUST_USE;
// What the buffer has got since is the key's.
void pressure_end(Pressure *pressure, const PressureRequest *request);
