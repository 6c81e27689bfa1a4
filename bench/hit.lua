-- wrk's requests: one hit each, about 550 bytes, every one another.
local key = os.getenv("SOJOURN_BENCH_KEY")
local thread = 0
local count = 0
local stamp = os.date("!%Y-%m-%dT%H:%M:%S.000Z")
local form = '{"type":"page","messageId":"b-%s-%d","userId":"%d","anonymousId":"browser-%d","timestamp":"' .. stamp ..
  '","writeKey":"' .. key .. '","context":{"page":{"path":"/collections/%d","url":"https://app.example.org/collections/%d?tab=all",' ..
  '"title":"Collections","referrer":"https://app.example.org/finder"},"userAgent":"Mozilla/5.0 (X11; Linux x86_64) ' ..
  'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36","locale":"de-AT","timezone":"Europe/Vienna",' ..
  '"screen":{"width":1920,"height":1080}},"properties":{"plan":"free"}}'
local run = tostring(os.time())

function request()
  count = count + 1
  local who = (count * 7919) % 200000
  return wrk.format("POST", "/v1/page", { ["content-type"] = "text/plain" },
    string.format(form, run, count, who + 1, who, count % 500, count % 500))
end
