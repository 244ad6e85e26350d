-- Numbers, appends, remembers the keys, trims and announces, or does none of it.
local history = KEYS[4]
local channel, record, live = ARGV[1], ARGV[2], ARGV[3]
local time, now = ARGV[4], tonumber(ARGV[5])
local count, age_ms = tonumber(ARGV[6]), tonumber(ARGV[7])
local key_ttl_ms, most_channels = tonumber(ARGV[8]), tonumber(ARGV[9])
local keyed = ARGV[10] == 'keyed' -- then KEYS[5] is the message's own key; the rest are its aliases

-- Ages are judged by the nodes' clocks; Redis' own clean-up comes when no clock can disagree.
local MARGIN_MS = 3600000
local FORGET_LOOKS = 32

local epoch = redis.call('HGET', LOG, 'epoch')
if not epoch then
  return redis.error_reply('NOEPOCH Redis has been emptied')
end

if keyed then
  local known = redis.call('GET', KEYS[5])
  if known then
    local sequence, forgotten_at = string.match(known, '^(%d+) (%d+)$')
    if tonumber(forgotten_at) > now then
      return { epoch, tonumber(sequence), 1 }
    end
  end
end

local number = redis.call('HINCRBY', LOG, 'sequence', 1)
local sequence = digits(number)
local previous = redis.call('ZSCORE', CHANNELS, channel) or redis.call('HGET', LOG, 'forgotten') or '0'

if count > 0 then
  expire(history, now - age_ms)
  redis.call('XADD', history, 'MAXLEN', count, sequence .. '-' .. time, previous, record)
  redis.call('PEXPIRE', history, digits(age_ms + MARGIN_MS))
end
redis.call('ZADD', CHANNELS, sequence, channel)

local known = sequence .. ' ' .. digits(now + key_ttl_ms)
for index = 5, #KEYS do
  redis.call('SET', KEYS[index], known, 'PX', digits(key_ttl_ms + MARGIN_MS))
end

redis.call('PUBLISH', live, epoch .. ' ' .. sequence .. ' ' .. previous .. ' ' .. time .. '\n' .. record)

-- Forgets a channel of which nothing is kept, from the one that was silent longest. The next ones to be looked
-- at expire next, so with nothing to forget yet the set grows for a while.
if redis.call('ZCARD', CHANNELS) > most_channels then
  local prefix = string.sub(history, 1, #history - #channel)
  local oldest = redis.call('ZRANGE', CHANNELS, 0, FORGET_LOOKS - 1, 'WITHSCORES')
  for index = 1, #oldest, 2 do
    if redis.call('EXISTS', prefix .. oldest[index]) == 0 then
      redis.call('ZREM', CHANNELS, oldest[index])
      local forgotten = tonumber(redis.call('HGET', LOG, 'forgotten') or '0')
      redis.call('HSET', LOG, 'forgotten', digits(math.max(forgotten, tonumber(oldest[index + 1]))))
      break
    end
  end
end
return { epoch, number, 0 }
