-- What the log's scripts begin with. All keys share a hash tag; scripts run one at a time, so each is one step.
local LOG = KEYS[1] -- hash: epoch, sequence, forgotten, run, bytes
local CHANNELS = KEYS[2] -- sorted set: channel by the sequence of its newest message
local HOLES = KEYS[3] -- sorted set: the last sequence that a life of the server kept, by the last that was then skipped

local HELD = LOG .. ':held' -- sorted set: channel by the payload bytes that its history holds
local CUT = LOG .. ':cut' -- sorted set: channel by the last sequence that went because there were too many bytes
local SIZES = string.sub(CHANNELS, 1, -(#'channels' + 1)) .. 'sizes:' -- what a list begins with: `sequence-time bytes` of each entry
local HISTORY = string.sub(CHANNELS, 1, -(#'channels' + 1)) .. 'history:' -- what a history's key begins with

-- Lua prints large numbers with an exponent.
local function digits(number)
  return string.format('%.0f', number)
end

-- An entry's id is `sequence-time`, its one field is named for the sequence before it on the channel.
local function sequence_of(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

-- The payload stands behind the first line of a record.
local function payload_bytes(record)
  return #record - string.find(record, '\n', 1, true)
end

local function held_by(channel)
  return tonumber(redis.call('ZSCORE', HELD, channel) or '0')
end

-- What an earlier version of fanwire wrote is not on the account, so it may come to less than nothing.
local function account(channel, bytes)
  local before = held_by(channel)
  local held = math.max(0, before + bytes)
  if held > 0 then
    redis.call('ZADD', HELD, digits(held), channel)
  else
    redis.call('ZREM', HELD, channel)
  end
  redis.call('HINCRBY', LOG, 'bytes', digits(held - before))
end

-- What an earlier version of fanwire wrote has no sizes beside it.
local function measure(channel)
  local history, sizes = HISTORY .. channel, SIZES .. channel
  if redis.call('LLEN', sizes) == redis.call('XLEN', history) then
    return
  end
  redis.call('DEL', sizes)
  account(channel, -held_by(channel))
  local after, bytes = '-', 0
  while true do
    local entries = redis.call('XRANGE', history, after, '+', 'COUNT', 64)
    for _, entry in ipairs(entries) do
      local size = payload_bytes(entry[2][2])
      redis.call('RPUSH', sizes, entry[1] .. ' ' .. size)
      bytes = bytes + size
      after = '(' .. entry[1]
    end
    if #entries < 64 then
      break
    end
  end
  local ends_in = redis.call('PTTL', history)
  if ends_in > 0 then
    redis.call('PEXPIRE', sizes, ends_in)
  end
  account(channel, bytes)
end

-- Removes entries from the oldest on while `is_doomed(time, bytes)` says so, and accounts for them. Returns the
-- last. Their sizes stand beside them, as an entry can only be read with all of its payload.
local function drop_oldest(channel, is_doomed)
  local history, sizes = HISTORY .. channel, SIZES .. channel
  measure(channel)
  local batch, dropped_bytes, last = 1, 0, nil
  while true do
    local oldest = redis.call('LRANGE', sizes, 0, batch - 1)
    local doomed = 0
    for _, entry in ipairs(oldest) do
      local sequence, time, bytes = string.match(entry, '^(%d+)-(%d+) (%d+)$')
      if not is_doomed(tonumber(time), tonumber(bytes)) then
        break
      end
      doomed = doomed + 1
      last = tonumber(sequence)
      dropped_bytes = dropped_bytes + tonumber(bytes)
    end
    if doomed > 0 then
      redis.call('LTRIM', sizes, doomed, -1)
    end
    if doomed < batch then
      break
    end
    batch = 64
  end
  if last then
    redis.call('XTRIM', history, 'MINID', digits(last + 1))
    account(channel, -dropped_bytes)
  end
  return last
end

-- Removes what was published at `time` or before.
local function expire(channel, time)
  drop_oldest(channel, function(published_at)
    return published_at <= time
  end)
end

-- Removes the oldest until so many bytes are free.
local function drop_bytes(channel, surplus)
  local last = drop_oldest(channel, function(_, bytes)
    surplus = surplus - bytes
    return surplus + bytes > 0
  end)
  if last then
    redis.call('ZADD', CUT, digits(last), channel)
  end
end

-- Whether a sequence was given out by a server that came back without it.
local function is_lost(sequence)
  local hole = redis.call('ZRANGEBYSCORE', HOLES, digits(sequence), '+inf', 'LIMIT', 0, 1)[1]
  return hole and tonumber(hole) < sequence
end
