// Encrypts the stored addresses anew under the newest key of the ring: those of sessions, of the contexts that sessions are
// made from, and of hits in quarantine. In batches, each a transaction of its own beside running loaders; a run that was
// stopped is begun again and finds only what is left. Hits in the buffer stay as they are until they are loaded.
#pragma once
#include "enrich/ip_ring.h"
#include "pg/conn.h"

#define IP_ROTATION_KEY_SIZE 40
typedef struct IpRotation {
	int64_t all;      // rows to look at, as far as known beforehand
	int64_t seen;     // of them
	int64_t resealed; // now under the newest key
	int64_t unknown;  // under keys the ring does not have; they stay
	int64_t broken;   // no encrypted address, or changed since; they stay
	// ── below: ip_rotation.c's own ──
	const IpRing *ring;
	PgConn *conn;
	Arena arena; // of one batch
	size_t store;
	char after[IP_ROTATION_KEY_SIZE]; // the last key of it that was seen
} IpRotation;

// Ring and connection must outlive it.
bool ip_rotation_begin(IpRotation *rotation, const IpRing *ring, PgConn *conn, Error *error) MUST_USE;
// One batch; *is_done when there was none left. A batch that met a loader is tried again.
bool ip_rotation_step(IpRotation *rotation, bool *is_done, Error *error) MUST_USE;
void ip_rotation_end(IpRotation *rotation);
