"""P7: reports over the API against the targets of their classes, and against the queries that the design began with."""
import concurrent.futures
import datetime
import json
import os
import pathlib
import re
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOBILE = "filter=device_type:mobile"
FUNNEL = 'funnels?funnel={"steps":[{"page":"/section-1/page-1"},{"page":"/section-2/*"},{"event":"Ordered"}]}'
DIMENSIONS = ("device_type", "browser", "os", "country", "channel", "referrer_domain", "entry_page")

# Class, its target in ms, and what is asked at once; the last 30 days in the reporting time zone where nothing else is said.
CLASSES = (
    ("single metric", 50, ("overview",)),
    ("single metric, filtered", 50, (f"overview?{MOBILE}",)),
    ("top pages", 100, ("pages?limit=10",)),
    ("top pages, filtered", 100, (f"pages?limit=10&{MOBILE}",)),
    ("paths", 200, ("journeys/paths",)),
    ("paths, filtered", 200, (f"journeys/paths?{MOBILE}",)),
    ("transitions", 200, ("journeys/transitions",)),
    ("cohorts of a year", 2000, ("retention?from=YEAR",)),
    ("cohorts of a year, filtered", 2000, (f"retention?from=YEAR&{MOBILE}",)),
    ("ad hoc: breakdown by country of a device type", 5000, (f"breakdown?by=country&{MOBILE}",)),
    ("ad hoc: first touch by channel", 5000, ("attribution?by=channel&model=first",)),
    ("ad hoc: events by action", 5000, ("events",)),
    ("ad hoc: pages in another time zone", 5000, ("pages?limit=10&tz=Asia/Kathmandu",)),
    ("ad hoc: a funnel", 5000, (FUNNEL,)),
    ("dashboard, all charts at once", 500, ("overview", "pages?limit=10", *(f"breakdown?by={by}" for by in DIMENSIONS))),
)
COMPARED = (("cohorts", "retention?from=YEAR"), ("transitions", "journeys/transitions"), ("paths", "journeys/paths"))


def seed_part(name):
    text = (ROOT / "bench/seed_reports.sql").read_text()
    return re.search(rf"-- part: {name}\n(.*?)(?=\n-- part: |\Z)", text, re.S).group(1).strip()


def seed_fill(made, seed_rows):
    """The same rows in the seed's schema; time on a page is there from one view's beginning to its end. Indexes are made
    behind the rows, and foreign keys, which no query reads, are left out: row by row both take longer than all the rest."""
    schema = (ROOT / "bench/seed_schema.sql").read_text()
    indexes = "".join(re.findall(r"^CREATE INDEX .*\n", schema, re.M))
    tables = re.sub(r",\n  CONSTRAINT fk_[^\n]*?(?=,?\n)", "", re.sub(r"^CREATE INDEX .*\n", "", schema, flags=re.M))
    script = tables + "SET search_path = sojourn, public;"
    script += "INSERT INTO seed.persons SELECT id, created_at FROM persons;"
    script += ("INSERT INTO seed.persons SELECT person_id, min(started_at) FROM user_sessions GROUP BY 1 ON CONFLICT DO NOTHING;")
    for table in ("user_sessions", "page_views", "user_events", "session_attribution"):
        select, columns = seed_rows[table]
        columns = columns or select.removeprefix("SELECT ")
        select = select.replace(" exited_at,", " viewed_at + make_interval(secs => time_on_page_seconds),") if table == "page_views" else select
        script += f"INSERT INTO seed.{table} ({columns}) {select} FROM {table};"
    made.sql(script + "SET search_path = seed;" + indexes + "ANALYZE seed.user_sessions, seed.page_views, seed.user_events, seed.persons;"
             + seed_part("views") + "; ANALYZE seed.session_metrics_daily, seed.page_metrics_hourly;")


class Asking:
    """Reports over HTTP, as the dashboard asks them."""

    def __init__(self, made):
        self.url = f"{made.dashboard}/api/v1/"
        self.headers = {"authorization": f"Bearer {made.run('token', 'create', 'bench').strip()}"}

    def report(self, path):
        year = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=364)
        path = urllib.request.quote(path.replace("YEAR", year.isoformat()), safe="/?=&:,*")
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=self.headers)) as answer:
            return json.load(answer)

    def seconds(self, paths):
        begin = time.monotonic()
        if len(paths) == 1:
            self.report(paths[0])
        else:
            with concurrent.futures.ThreadPoolExecutor(len(paths)) as pool:
                list(pool.map(self.report, paths))
        return time.monotonic() - begin


def query_seconds(ask, part):
    begin = time.monotonic()
    ask(seed_part(part))
    return time.monotonic() - begin


# One more view of each session of the last minute, on both sides: some times what comes between two refreshes, which are ten seconds
# apart. Ours costs the more the more there is, the other side the same.
NEWEST = """
CREATE TEMP TABLE newest AS
SELECT (lpad(to_hex(ts_ms(last_activity_at)), 12, '0') || '7' || substr(hash, 1, 3) || 'a' || substr(hash, 4, 15))::uuid AS id, id AS session_id,
  last_activity_at AS viewed_at, person_id, 100 AS page_sequence_number, '/section-1/page-1' AS page_url
FROM user_sessions CROSS JOIN LATERAL (SELECT md5(id::text || clock_timestamp()) AS hash) AS drawn
WHERE started_at >= (SELECT max(started_at) FROM user_sessions) - interval '1 minute';
INSERT INTO page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url, source) SELECT *, 'web' FROM newest;
INSERT INTO seed.page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url) SELECT * FROM newest;
INSERT INTO changed_sessions (session_ids) SELECT array_agg(session_id) FROM newest;
SELECT count(*) FROM newest;
"""


OVERVIEWS_COUNTED = ("SELECT NOT EXISTS (SELECT FROM changed_sessions)"
                     " AND NOT EXISTS (SELECT FROM changed_buckets WHERE kind IN ('o', 'd'))")


def newest_ratio(made, ask, asking):
    """Until a figure has the newest hits in it, on both sides a refresh and then the question. Ours is from the start of the command
    until the overviews are counted, which is asked over a connection that is open, and the report then; the refresh goes on beside it
    with what is looked at less, and is waited for before the other side begins."""
    views = asking.report("overview")["total"]["views"] + int(made.sql(NEWEST))
    begin = time.monotonic()
    refresh = made.start("rollup")
    while ask(OVERVIEWS_COUNTED) != "t":
        time.sleep(0.002)
    shown = asking.report("overview")["total"]["views"]
    ours = time.monotonic() - begin
    if refresh.wait() != 0 or shown != views:
        sys.exit(f"bench: the refresh failed, or the report has {shown} views instead of {views}")
    return query_seconds(ask, "newest"), ours


def compared(what, pairs, goal, ratio_row):
    seed_seconds, our_seconds = (sorted(side)[len(pairs) // 2] for side in zip(*pairs))
    return ratio_row("P7", what, [seed / ours for seed, ours in pairs], goal, f"{seed_seconds * 1000:,.0f} ms ÷ {our_seconds * 1000:,.0f} ms")


def p7(made, options, ratio_row, most_row):
    """Of an installation with rolled up history and seed_fill's rows."""
    rows, asking = [], Asking(made)
    size = f"{options.report_sessions:,} sessions"
    for name, target, paths in CLASSES:
        asking.seconds(paths)
        times = [asking.seconds(paths) * 1000 for _ in range(2 * options.rounds + 1)]
        row = most_row("P7", f"{name}, of its {target} ms, {size}", [ms / target for ms in times], 1)
        rows.append({**row, "more": f"{sorted(times)[len(times) // 2]:.0f} ms, {min(times):.0f} the least; load {os.getloadavg()[0]:.1f}"})
    with made.asking() as ask:
        pairs = [newest_ratio(made, ask, asking) for _ in range(1 + options.rounds)][1:]  # the first has the pages to read, as above
        rows.append(compared("a figure with the newest in it, refreshed: the seed's ÷ ours", pairs, 100, ratio_row))
        for name, path in COMPARED:
            pairs = [(query_seconds(ask, name), asking.seconds((path,))) for _ in range(options.rounds)]
            rows.append(compared(f"{name}: the seed's ÷ ours", pairs, 5, ratio_row))
    return rows
