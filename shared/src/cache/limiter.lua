-- The generic cell rate algorithm, in whole microseconds (below 2^53, hence exact in Lua's numbers).
-- KEYS[1]  the bucket: when it is full again
-- KEYS[2]  a mark that turns the caller away without counting, or '' where there is none to look for
-- KEYS[3]  optional: a document to hand back with an admission, which saves a round trip
-- ARGV[1]  interval: what one request costs
-- ARGV[2]  limit: how many intervals the bucket holds
-- ARGV[3]  the time, when the clock was set by hand; else '' and the server's clock counts,
--          because it is the only one that all instances share
if KEYS[2] ~= '' and redis.call('EXISTS', KEYS[2]) == 1 then
  return { -1, 0, 0, false }
end
local interval = tonumber(ARGV[1])
local now = tonumber(ARGV[3])
local longer = 0
if now then
  -- Keys expire by the server's clock, which does not stand still with ours.
  longer = 86400000
else
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = full_at + interval
if after - now > interval * tonumber(ARGV[2]) then
  return { 0, now, full_at, false }
end
-- A full bucket is worth no key.
local keep = math.ceil((after - now) / 1000) + longer
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', keep)
local document = KEYS[3] and redis.call('GET', KEYS[3])
return { 1, now, after, document or false }
