// What is kept of a client's address: a keyed hash (ip_keys), the country and region (geo), and, where it is asked for, the
// address itself, encrypted (ip_ring). The address ends here.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings.h"
#include "hit/hit.h"

typedef struct Ip Ip;

// Of the settings ip_*, geo_file and hit_age_days_max count. Files that are named and cannot be read are an error.
bool ip_open(const Settings *settings, const char *keys_folder, Ip **ip, Error *error) MUST_USE;
void ip_close(Ip *ip); // NULL is fine
// Whether the files that the settings name can be read; no key is made.
bool ip_check(const Settings *settings, Error *error) MUST_USE;
// Forgets the keys of days that no hit may be of any more.
bool ip_advance(Ip *ip, int64_t now_ms, Error *error) MUST_USE;

// Fills in ip_hash, ip_encrypted, country and region of a hit that has its id, as far as they are wanted and known; none of
// them where the text is no address. Fails only when the arena is full.
bool ip_enrich(Ip *ip, Slice text, Arena *arena, Hit *hit, Error *error) MUST_USE;
