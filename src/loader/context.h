// What a hit says of its session: the descriptive columns of user_sessions and session_attribution, in the order of the
// table hit_contexts.
#pragma once
#include "base/error.h"
#include "base/uuid.h"
#include "hit/hit.h"
#include "pg/copy.h"

// X(name in Hit)
// clang-format off
#define CONTEXT_COLUMNS(X, X_BYTES)                                                                                    \
	X(source) X(device_type) X(browser) X(browser_version) X(os) X(os_version) X(screen_resolution)                    \
	X(timezone) X(locale) X(country) X(region) X_BYTES(ip_hash) X_BYTES(ip_encrypted) X(user_agent)                    \
	ATTRIBUTION_COLUMNS(X)
#define ATTRIBUTION_COLUMNS(X)                                                                                         \
	X(utm_source) X(utm_medium) X(utm_campaign) X(utm_term) X(utm_content) X(click_id_type) X(click_id)                \
	X(referrer_domain) X(external_referrer) X(referrer_category) X(search_term) X(channel_type)                        \
	X(channel_subtype) X(page_host) X(page_url) X(page_category)
#define SESSION_COLUMNS(X, X_BYTES)                                                                                    \
	X(source) X(device_type) X(browser) X(browser_version) X(os) X(os_version) X(screen_resolution)                    \
	X(timezone) X(locale) X(country) X(region) X(referrer_domain) X(utm_source) X(utm_medium) X(utm_campaign)          \
	X_BYTES(ip_hash) X_BYTES(ip_encrypted) X(user_agent)
// clang-format on

#define CONTEXT_COLUMN(name) CONTEXT_COLUMN_##name,
enum { CONTEXT_COLUMNS(CONTEXT_COLUMN, CONTEXT_COLUMN) CONTEXT_COLUMN_COUNT };
#define ATTRIBUTION_COLUMN(name) ATTRIBUTION_COLUMN_##name,
enum { ATTRIBUTION_COLUMNS(ATTRIBUTION_COLUMN) ATTRIBUTION_COLUMN_COUNT };
#define SESSION_COLUMN(name) SESSION_COLUMN_##name,
enum { SESSION_COLUMNS(SESSION_COLUMN, SESSION_COLUMN) SESSION_COLUMN_COUNT };

// The same columns give the same id. A view's own page is left out: it stands in the view's row.
Uuid context_id(const Hit *hit);
// The columns of a session that a client names, and those of its attribution: as CONTEXT_COLUMNS, those tables' only.
void context_copy_session(PgCopy *copy, const Hit *hit);
void context_copy_attribution(PgCopy *copy, const Hit *hit);
// Writes the columns; as in context_id, the page of a view only where `with_page`.
void context_copy(PgCopy *copy, const Hit *hit, bool with_page);
