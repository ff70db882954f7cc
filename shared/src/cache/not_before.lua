-- Keeps the later of two times: a short pause must not end a long ban.
-- KEYS[1]  the time, in milliseconds since the epoch
-- ARGV[1]  the new time; ARGV[2]  milliseconds from now until then
local known = tonumber(redis.call('GET', KEYS[1]) or 0)
if known < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 0
