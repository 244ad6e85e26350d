-- Numbers, appends, remembers the keys, trims and announces, or does none of it.
local history = KEYS[4]
local channel, record, live = ARGV[1], ARGV[2], ARGV[3]
local time, now = ARGV[4], tonumber(ARGV[5])
local count, age_ms = tonumber(ARGV[6]), tonumber(ARGV[7])
local key_ttl_ms, most_channels = tonumber(ARGV[8]), tonumber(ARGV[9])
local keyed = ARGV[10] == 'keyed' -- then KEYS[5] is the message's own key; the rest are its aliases
local most_bytes, most_bytes_of_all = tonumber(ARGV[11]), tonumber(ARGV[12])
local keys_per_scope = tonumber(ARGV[13])
-- Behind each key stands its scope's share, and here in the same order each key's digest, or nothing.
local FIRST_DIGEST = 14

-- Ages are judged by the nodes' clocks; Redis' own clean-up comes when no clock can disagree.
local MARGIN_MS = 3600000
local FORGET_LOOKS = 32
local SHED_LOOKS = 32

local epoch = redis.call('HGET', LOG, 'epoch')
if not epoch then
  return redis.error_reply('NOEPOCH Redis has been emptied')
end

if keyed then
  local known = redis.call('GET', KEYS[5])
  if known then
    local sequence, forgotten_at, digest = string.match(known, '^(%d+) (%d+) ?(.*)$')
    if tonumber(forgotten_at) > now then
      local wanted = ARGV[FIRST_DIGEST]
      local differs = digest ~= '' and wanted ~= '' and digest ~= wanted
      return { epoch, tonumber(sequence), differs and 2 or 1 }
    end
  end
end

local number = redis.call('HINCRBY', LOG, 'sequence', 1)
local sequence = digits(number)
local previous = redis.call('ZSCORE', CHANNELS, channel) or redis.call('HGET', LOG, 'forgotten') or '0'

if count > 0 then
  if redis.call('EXISTS', history) == 0 then
    redis.call('DEL', SIZES .. channel) -- Redis itself has removed it.
    account(channel, -held_by(channel))
  end
  expire(channel, now - age_ms)
  local surplus = redis.call('XLEN', history) + 1 - count
  if surplus > 0 then
    drop_oldest(channel, function()
      surplus = surplus - 1
      return surplus >= 0
    end)
  end
  local id = sequence .. '-' .. time
  redis.call('XADD', history, id, previous, record)
  redis.call('RPUSH', SIZES .. channel, id .. ' ' .. payload_bytes(record))
  account(channel, payload_bytes(record))
  drop_bytes(channel, held_by(channel) - most_bytes)
  redis.call('PEXPIRE', history, digits(age_ms + MARGIN_MS))
  redis.call('PEXPIRE', SIZES .. channel, digits(age_ms + MARGIN_MS))
end

-- The channels that hold most lose their oldest.
for _ = 1, SHED_LOOKS do
  local surplus = tonumber(redis.call('HGET', LOG, 'bytes') or '0') - most_bytes_of_all
  local heaviest = redis.call('ZREVRANGE', HELD, 0, 0)[1]
  if surplus <= 0 or not heaviest then
    break
  end
  if redis.call('EXISTS', HISTORY .. heaviest) == 0 then
    redis.call('DEL', SIZES .. heaviest)
    account(heaviest, -held_by(heaviest))
  else
    drop_bytes(heaviest, surplus)
  end
end
redis.call('ZADD', CHANNELS, sequence, channel)

-- A scope that has too many loses its own oldest.
local known = sequence .. ' ' .. digits(now + key_ttl_ms) .. ' '
local kept_ms = digits(key_ttl_ms + MARGIN_MS)
for index = 5, #KEYS, 2 do
  local key, share = KEYS[index], KEYS[index + 1]
  redis.call('SET', key, known .. ARGV[FIRST_DIGEST + (index - 5) / 2], 'PX', kept_ms)
  redis.call('ZADD', share, sequence, key)
  redis.call('PEXPIRE', share, kept_ms)
  if redis.call('ZCARD', share) > keys_per_scope then
    redis.call('DEL', redis.call('ZPOPMIN', share)[1])
  end
end

redis.call('PUBLISH', live, epoch .. ' ' .. sequence .. ' ' .. previous .. ' ' .. time .. '\n' .. record)

-- Forgets a channel of which nothing is kept, from the one that was silent longest. The next ones to be looked
-- at expire next, so with nothing to forget yet the set grows for a while.
if redis.call('ZCARD', CHANNELS) > most_channels then
  local oldest = redis.call('ZRANGE', CHANNELS, 0, FORGET_LOOKS - 1, 'WITHSCORES')
  for index = 1, #oldest, 2 do
    if redis.call('EXISTS', HISTORY .. oldest[index]) == 0 then
      redis.call('ZREM', CHANNELS, oldest[index])
      redis.call('ZREM', CUT, oldest[index])
      account(oldest[index], -held_by(oldest[index]))
      local forgotten = tonumber(redis.call('HGET', LOG, 'forgotten') or '0')
      redis.call('HSET', LOG, 'forgotten', digits(math.max(forgotten, tonumber(oldest[index + 1]))))
      break
    end
  end
end
return { epoch, number, 0 }
