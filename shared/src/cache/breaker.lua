-- One circuit breaker: closed, open until a time, then half open: one caller at a time may try, as often as it likes.
-- KEYS[1]  a hash: failures in a row; open_until, the end of an opening; probing_until, the end of a try's lease;
--          probing, who tries
-- ARGV[1]  admit | failed | leave;  ARGV[2]  now, in milliseconds since the epoch
-- admit:   ARGV[3]  how long a try may take, milliseconds;  ARGV[4]  who asks. Gives 0, or until when to stay away.
-- failed:  ARGV[3]  failures in a row that open it;  ARGV[4]  for how long, milliseconds
-- leave:   ARGV[3]  until when
local now = tonumber(ARGV[2])
local function field(name)
  return tonumber(redis.call('HGET', KEYS[1], name) or 0)
end
local open_until = field('open_until')

-- Kept for an hour beyond its end, so that the state after an opening is half open and not closed.
local function open(until_ms)
  if until_ms > open_until then
    open_until = until_ms
    redis.call('HSET', KEYS[1], 'open_until', open_until)
  end
  redis.call('HDEL', KEYS[1], 'probing_until')
end
local function keep()
  redis.call('PEXPIRE', KEYS[1], math.max(open_until - now, 0) + 3600000)
end

if ARGV[1] == 'admit' then
  if now < open_until then return open_until end
  if open_until > 0 then
    local probing_until = field('probing_until')
    if now < probing_until and redis.call('HGET', KEYS[1], 'probing') ~= ARGV[4] then return probing_until end
    redis.call('HSET', KEYS[1], 'probing_until', now + tonumber(ARGV[3]), 'probing', ARGV[4])
  end
  return 0
end
if ARGV[1] == 'failed' then
  local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
  if open_until > 0 or failures >= tonumber(ARGV[3]) then open(now + tonumber(ARGV[4])) end
else
  open(tonumber(ARGV[3]))
end
keep()
return 0
