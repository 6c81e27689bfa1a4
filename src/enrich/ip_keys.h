// The keys that addresses are hashed with: one for each day (UTC), of which a hash takes that of its event's day, or of the
// first day of its month, or always the same.
//
// They are a chain: each day's key is a hash of the one before it. The file <keys folder>/ip.key holds the first one that an
// accepted hit may still need, "2026-11-18 " and 64 hexadecimal digits, and the later ones follow from it; so collectors that
// began with the same file have the same keys for ever, without a word between them. As days pass, the file is replaced by a
// later link. From that nobody finds back: of a day before it no hash can be tested against an address any more.
//
// Days that the chain does not have (imports of old logs, mostly) get a key made out of its first link. It lasts as long as
// that link, so that an import knows its visitors again, and no other import of another day does.
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "config/settings.h"

typedef struct IpKeys IpKeys;

// Reads the file, or makes it (mode 0600; several processes at once end up with the same one). Hits before oldest_ms need no
// key of their own. ERROR_CORRUPT where the file is malformed.
bool ip_keys_open(const char *keys_folder, KeyRotation rotation, int64_t oldest_ms, IpKeys **keys, Error *error)
	MUST_USE;
void ip_keys_close(IpKeys *keys); // NULL is fine; no key stays in memory
// Forgets what is before oldest_ms, in memory and in the file. Cheap where there is nothing to forget. On failure all stays as
// it is, but where only the file could not be written.
bool ip_keys_advance(IpKeys *keys, int64_t oldest_ms, Error *error) MUST_USE;

// The network's hash under the key of the time.
Hash128 ip_keys_hash(IpKeys *keys, int64_t time_ms, Slice network);
