// The fields of a hit, each once: tag on disk, name, limit. A tag is never used again for anything else.
#pragma once

// Tables, aligned by hand.
// clang-format off

// X(tag, name): 16 bytes
#define HIT_UUID_FIELDS(X)                                                                                             \
	X(1, id)           /* the row's id; its time is the event time */                                                  \
	X(2, session_id)   /* the client's session; nil where the client knows none */                                     \
	X(3, page_view_id) /* of an event or a leave: the view it happened on */

// X(tag, name): signed 64 bits, HIT_NONE where not given
#define HIT_NUMBER_FIELDS(X)                                                                                           \
	X(16, user_id)           /* person the hit names itself; 1 and up */                                               \
	X(17, anonymous_id)      /* the browser: −1 … −2^62 */                                                             \
	X(18, previous_id)       /* of an alias: the browser that is this person, or 0 */                                  \
	X(19, received_ms)       /* when the collector took it, ms since 1970 */                                           \
	X(20, sequence)          /* the client's count of views in its session, 1 and up */                                \
	X(21, visible_ms)        /* leave: running total the page was visible */                                           \
	X(22, scroll_percent)    /* leave: deepest, 0..100 */                                                              \
	X(23, clicks)            /* leave: running total */                                                                \
	X(24, interactions)      /* leave: running total */                                                                \
	X(25, load_ms)           /* page, or leave: load time */                                                           \
	X(26, interactive_ms)    /* page, or leave: time to interactive */                                                 \
	X(27, scroll_position)   /* event: vertical scroll, pixels */                                                      \
	X(28, analytics_consent) /* 0 no, 1 yes */                                                                         \
	X(29, marketing_consent) /* 0 no, 1 yes */                                                                         \
	X(30, consent_version)   /* which wording the person agreed to */                                                  \
	X(31, is_session_end)    /* 1: the client ends its session with this hit */                                        \
	X(32, is_time_arrival)   /* 1: the hit brought no time, the event time is that of arrival */                       \
	X(33, created_ms)        /* identify: when the person signed up */                                                 \
	X(34, largest_paint_ms)  /* leave: largest contentful paint */                                                     \
	X(35, next_paint_ms)     /* leave: interaction to next paint */                                                    \
	X(36, layout_shift)      /* leave: cumulative layout shift, in ten-thousandths */

// X(tag, name, size_max): text in UTF-8, bytes at most; longer ones are cut and end in "…"
#define HIT_TEXT_FIELDS(X)                                                                                             \
	X(64, source, 100)              /* name of the write key */                                                        \
	X(65, external_id, 250)         /* the user id as it came, where it is not a number */                             \
	X(66, message_id, 250)          /* where is_time_arrival: what a retry is known by */                              \
	X(67, page_url, 1000)           /* path, no domain, no query */                                                    \
	X(68, page_host, 255)                                                                                              \
	X(69, page_title, 500)                                                                                             \
	X(70, page_category, 100)                                                                                          \
	X(71, referrer, 1000)           /* path of the page before, same host */                                           \
	X(72, external_referrer, 500)   /* URL without query of another host */                                            \
	X(73, user_agent, 500)                                                                                             \
	X(74, device_type, 20)          /* desktop mobile tablet unknown */                                                \
	X(75, browser, 50)                                                                                                 \
	X(76, browser_version, 20)                                                                                         \
	X(77, os, 50)                                                                                                      \
	X(78, os_version, 20)                                                                                              \
	X(79, screen_resolution, 20)    /* 1920x1080 */                                                                    \
	X(80, timezone, 50)             /* IANA name, the browser's */                                                     \
	X(81, locale, 35)                                                                                                  \
	X(82, country, 2)                                                                                                  \
	X(83, region, 100)                                                                                                 \
	X(84, utm_source, 100)                                                                                             \
	X(85, utm_medium, 100)                                                                                             \
	X(86, utm_campaign, 100)                                                                                           \
	X(87, utm_term, 100)                                                                                               \
	X(88, utm_content, 100)                                                                                            \
	X(89, click_id_type, 20)        /* gclid, fbclid … */                                                              \
	X(90, click_id, 250)                                                                                               \
	X(91, referrer_domain, 255)                                                                                        \
	X(92, referrer_category, 50)                                                                                       \
	X(93, search_term, 100)                                                                                            \
	X(94, channel_type, 50)                                                                                            \
	X(95, channel_subtype, 50)                                                                                         \
	X(96, event_type, 50)                                                                                              \
	X(97, event_category, 50)                                                                                          \
	X(98, event_action, 100)                                                                                           \
	X(99, event_label, 255)                                                                                            \
	X(100, event_value, 20)         /* decimal, fits numeric(10,2) */                                                  \
	X(101, element_id, 100)                                                                                            \
	X(102, element_class, 255)                                                                                         \
	X(103, element_text, 500)                                                                                          \
	X(104, element_selector, 500)                                                                                      \
	X(105, ip_hash, 16)             /* 16 raw bytes: keyed hash of the address */                                      \
	X(106, ip_encrypted, 128)       /* raw bytes, opt-in */                                                            \
	X(107, robot_kind, 100)         /* given: the hit goes to `robots` */

// X(tag, name): a JSON text that PostgreSQL accepts as jsonb; never cut, the hit's own limit holds
#define HIT_JSON_FIELDS(X)                                                                                             \
	X(128, query_params)      /* object */                                                                             \
	X(129, viewport_position) /* object x, y */                                                                        \
	X(130, metadata)          /* object: what else an event says */                                                    \
	X(131, traits)            /* object: what identify says of a person */
// clang-format on
