-- History for measurements: sessions, views, events and attribution of a site, straight into the tables, the same for the same
-- variables. Five views and five events a session on average, some persons come often and most rarely, some pages are seen
-- often and most rarely, days have nights.
--
--   psql … -v sessions=2000000 -v persons=200000 -v days=365 -v until="'2026-11-25'" -v first=0 -f bench/history.sql
--
-- sessions of persons in the days up to `until`; `first` is added to their numbers, so that another run makes others. Takes
-- a minute for some 200,000 sessions. The search_path is Sojourn's schema, as in `sojourn psql`.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET work_mem = '128MB';

-- Even numbers between 0 and 1 for the `what` of a thing.
CREATE FUNCTION pg_temp.chance(thing bigint, what integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT ((hashint8extended(thing, what) >> 11) & 4503599627370495) / 4503599627370496.0
$$;
-- A UUIDv7 of that time.
CREATE FUNCTION pg_temp.id_at(at timestamptz, thing bigint, what integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(hashint8extended(thing, what) & 4095), 3, '0')
    || 'a' || lpad(to_hex(hashint8extended(thing, what + 1) & 1152921504606846975), 15, '0'))::uuid
$$;
-- One of the numbers 1 to `most`, small ones far more often.
CREATE FUNCTION pg_temp.rank_of(u double precision, most integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT floor(exp(u * ln(most + 1.0::float8)))::integer
$$;

SELECT ensure_months(:until::timestamptz - make_interval(days => :days), :until::timestamptz + interval '1 day');

INSERT INTO persons (id, created_at, first_seen_at)
SELECT id, at, at
FROM generate_series(1, :persons) AS id
CROSS JOIN LATERAL (SELECT :until::timestamptz - pg_temp.chance(id, 1) * make_interval(days => :days) AS at) AS sign_up
ON CONFLICT DO NOTHING;

-- Numbers in the order of time; most of a day's sessions begin around its middle.
CREATE TEMP TABLE history_sessions AS
SELECT n, pg_temp.id_at(started_at, n, 10) AS id, started_at, person_id,
  least(1 + floor(-ln(1 - pg_temp.chance(n, 3)) * 4.4), 60)::integer AS views,
  least(floor(-ln(1 - pg_temp.chance(n, 4)) * 5.5), 60)::integer AS events,
  10 + floor(-ln(1 - pg_temp.chance(n, 5)) * 50)::integer AS pace
FROM (
  SELECT n, date_trunc('milliseconds', :until::timestamptz - make_interval(days => :days)
      + make_interval(secs => 86400 * (floor(day) + (day - floor(day)) - sin(2 * pi() * (day - floor(day))) * 0.13))) AS started_at,
    (CASE WHEN pg_temp.chance(n, 2) < 0.25 THEN -1 ELSE 1 END)
      * (1 + floor(:persons * pg_temp.chance(n, 6) ^ 1.7))::bigint AS person_id
  FROM (
    SELECT :first::bigint + i AS n, (i - 1) * (:days::float8 / :sessions) AS day FROM generate_series(1, :sessions) AS i
  ) AS numbered
) AS begun;

-- The last view or event of a session is its last activity.
INSERT INTO user_sessions (id, started_at, person_id, last_activity_at, ended_at, first_hit_id, is_authenticated,
  is_made_by_loader, source, device_type, browser, browser_version, os, os_version, screen_resolution, timezone, locale,
  country, region, referrer_domain, utm_source, utm_medium, utm_campaign)
SELECT id, started_at, person_id, last_at, CASE WHEN last_at < now() - interval '30 minutes' THEN last_at END,
  id, person_id > 0, false, 'web',
  (ARRAY['desktop', 'mobile', 'tablet'])[pg_temp.rank_of(device, 3)],
  (ARRAY['Chrome', 'Safari', 'Firefox', 'Edge', 'Opera', 'Samsung Internet'])[pg_temp.rank_of(pg_temp.chance(n, 21), 6)],
  (100 + pg_temp.rank_of(pg_temp.chance(n, 22), 30))::text,
  (ARRAY['Windows', 'iOS', 'Android', 'Mac OS X', 'Linux', 'Chrome OS'])[pg_temp.rank_of(pg_temp.chance(n, 23), 6)],
  pg_temp.rank_of(pg_temp.chance(n, 24), 20)::text,
  (ARRAY['1920x1080', '390x844', '1440x900', '1366x768', '2560x1440', '412x915', '1536x864', '820x1180'])[pg_temp.rank_of(pg_temp.chance(n, 25), 8)],
  'Zone/' || pg_temp.rank_of(pg_temp.chance(n, 26), 30), 'locale-' || pg_temp.rank_of(pg_temp.chance(n, 27), 15),
  'country-' || pg_temp.rank_of(pg_temp.chance(n, 28), 60), 'region-' || pg_temp.rank_of(pg_temp.chance(n, 29), 300),
  CASE WHEN pg_temp.chance(n, 30) < 0.6 THEN 'site-' || pg_temp.rank_of(pg_temp.chance(n, 31), 300) || '.example' END,
  CASE WHEN is_campaign THEN 'source-' || campaign % 12 END, CASE WHEN is_campaign THEN 'medium-' || campaign % 5 END,
  CASE WHEN is_campaign THEN 'campaign-' || campaign END
FROM history_sessions
CROSS JOIN LATERAL (
  SELECT started_at + make_interval(secs => pace * (views - 1) + least(events, 1) * pace / 2) AS last_at,
    pg_temp.chance(n, 20) AS device, pg_temp.chance(n, 32) < 0.2 AS is_campaign, pg_temp.rank_of(pg_temp.chance(n, 33), 80) AS campaign
) AS drawn;

INSERT INTO session_attribution (session_id, started_at, person_id, first_hit_at, first_hit_id, utm_source, utm_medium, utm_campaign,
  referrer_domain, referrer_category, channel_type, channel_subtype, landing_page_host, landing_page_url)
SELECT s.id, s.started_at, s.person_id, s.started_at, s.id, utm_source, utm_medium, utm_campaign, referrer_domain,
  CASE WHEN referrer_domain IS NOT NULL THEN 'search' END,
  (ARRAY['organic', 'direct', 'paid', 'referral', 'social', 'email'])[channel % 6 + 1],
  (ARRAY['Organic Search', 'Direct', 'Paid Search', 'Referral', 'Organic Social', 'Email', 'Organic Video', 'Display', 'Affiliates',
    'Paid Social', 'AI Assistant', 'Unassigned'])[channel % 12 + 1],
  'www.example.com', '/'
FROM history_sessions JOIN user_sessions s USING (started_at, id, person_id)
CROSS JOIN LATERAL (SELECT pg_temp.rank_of(pg_temp.chance(n, 34), 12) AS channel) AS drawn;

INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, time_on_page_seconds, scroll_depth_percent,
  clicks_count, page_load_time_ms, source, page_host, page_url, page_title, page_category)
SELECT pg_temp.id_at(at, key, 40), id, at, person_id, number,
  CASE WHEN pg_temp.chance(key, 41) < 0.9 THEN least(pace, 600) END, floor(pg_temp.chance(key, 42) * 101)::integer,
  floor(pg_temp.chance(key, 43) * 4)::integer, (100 * exp(pg_temp.chance(key, 44) * 3))::integer, 'web', 'www.example.com',
  CASE WHEN pg_temp.chance(key, 45) < 0.02 THEN '/item/' || floor(pg_temp.chance(key, 46) * 20000)
    ELSE '/section-' || page % 12 || '/page-' || page END, 'Page ' || page, 'section-' || page % 12
FROM history_sessions
CROSS JOIN LATERAL generate_series(1, views) AS number
CROSS JOIN LATERAL (
  SELECT n * 64 + number AS key, started_at + make_interval(secs => pace * (number - 1)) AS at,
    pg_temp.rank_of(pg_temp.chance(n * 64 + number, 47), 1000) AS page
) AS drawn;

INSERT INTO user_events (id, session_id, created_at, person_id, event_type, event_category, event_action, event_value, element_id, source)
SELECT pg_temp.id_at(at, key, 50), id, at, person_id,
  CASE WHEN is_conversion THEN 'custom' ELSE (ARRAY['click', 'scroll', 'custom', 'form'])[pg_temp.rank_of(pg_temp.chance(key, 51), 4)] END,
  CASE WHEN is_conversion THEN 'Conversion' ELSE 'category-' || action % 6 END,
  CASE WHEN is_conversion THEN 'Ordered' ELSE 'action-' || action END,
  CASE WHEN is_conversion THEN round((5 + 200 * pg_temp.chance(key, 52))::numeric, 2) END, 'element-' || action, 'web'
FROM history_sessions
CROSS JOIN LATERAL generate_series(1, events) AS number
CROSS JOIN LATERAL (
  SELECT n * 64 + number AS key, started_at + make_interval(secs => (pace * (views - 1) + pace / 2) * number::float8 / events) AS at,
    pg_temp.rank_of(pg_temp.chance(n * 64 + number, 53), 40) AS action, pg_temp.chance(n * 64 + number, 54) < 0.012 AS is_conversion
) AS drawn;

-- As the loader does, a note for every thousand or so, the newest first.
INSERT INTO changed_sessions (session_ids)
SELECT array_agg(id) FROM (SELECT id, (row_number() OVER (ORDER BY n DESC) - 1) / 1000 AS note FROM history_sessions) AS numbered
GROUP BY note ORDER BY note;
DROP TABLE history_sessions;
ANALYZE user_sessions, session_attribution, page_views, user_events, persons;
