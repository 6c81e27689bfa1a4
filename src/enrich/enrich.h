// What a hit says of who, where and from where, made out of what the client sent, before anything of it reaches disk: no
// address of a network, no denied query parameter and no secret gets past here. Pure functions over raw texts; the only
// state is a cache of verdicts on user agents. One thread.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "config/settings.h"
#include "enrich/input.h"
#include "hit/hit.h"

typedef struct Enricher Enricher;

// The keys stand in keys_folder (see identity.h and ip_keys.h), made if needed. Of the settings ip_*, geo_file,
// hit_age_days_max and those of rules.h count; they need not outlive the call.
bool enricher_open(const Settings *settings, const char *keys_folder, Enricher **enricher, Error *error) MUST_USE;
// Takes over what is reloadable, and files that were replaced; on failure all stays as it is.
bool enricher_reload(Enricher *enricher, const Settings *settings, Error *error) MUST_USE;
// Whether enricher_open could do with these settings and the files that they name; touches no key.
bool enricher_check(const Settings *settings, Error *error) MUST_USE;
void enricher_close(Enricher *enricher); // NULL is fine
// Forgets keys that no hit can need any more; to be called every minute or so.
bool enricher_advance(Enricher *enricher, int64_t now_ms, Error *error) MUST_USE;

// Fills in user_id, external_id, anonymous_id, previous_id, page_url, page_host, page_title, query_params, referrer,
// external_referrer, referrer_domain, search_term, user_agent, robot_kind, ip_hash, ip_encrypted, country, region, utm_*,
// click_id*, of pages and events also referrer_category, channel_*, device_type, browser*, os* and, where it is empty and a rule
// knows the page, page_category; and takes secrets out of URLs in all that a hit says in its own words (titles, event and element
// texts, metadata, traits). Every text of the hit is within its limit afterwards, and every text set here is UTF-8 without NUL. A
// page without any path is at "/". The slices point into the arena, into `raw`'s texts, at constants, or into the enricher until
// its next reload. Fails only when the arena is full, or on metadata or traits that are no JSON.
bool enrich_hit(const Enricher *enricher, const EnrichInput *raw, Arena *arena, Hit *hit, Error *error) MUST_USE;

// A hash under the person key, for ids that must not tell what they were made of.
Hash128 enricher_hash(const Enricher *enricher, const char *domain, Slice data);
