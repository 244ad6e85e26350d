-- What the log's scripts begin with. All keys share a hash tag; scripts run one at a time, so each is one step.
local LOG = KEYS[1] -- hash: epoch, sequence, forgotten, run, bytes
local CHANNELS = KEYS[2] -- sorted set: channel by the sequence of its newest message
local HOLES = KEYS[3] -- sorted set: the last sequence that a life of the server kept, by the last that was then skipped

local HELD = LOG .. ':held' -- sorted set: channel by the payload bytes that its history holds
local CUT = LOG .. ':cut' -- sorted set: channel by the last sequence that went because there were too many bytes
local HISTORY = string.sub(CHANNELS, 1, -(#'channels' + 1)) .. 'history:' -- what a history's key begins with

-- Lua prints large numbers with an exponent.
local function digits(number)
  return string.format('%.0f', number)
end

-- An entry's id is `sequence-time`, its one field is named for the sequence before it on the channel.
local function sequence_of(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

local function time_of(entry)
  return tonumber(string.match(entry[1], '%d+$'))
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

-- Removes entries from the oldest on while `is_doomed(entry, bytes)` says so, and accounts for them. Returns the last.
local function drop_oldest(channel, is_doomed)
  local history = HISTORY .. channel
  local batch, dropped_bytes, last = 1, 0, nil
  while true do
    local oldest = redis.call('XRANGE', history, '-', '+', 'COUNT', batch)
    local through
    for _, entry in ipairs(oldest) do
      local bytes = payload_bytes(entry[2][2])
      if not is_doomed(entry, bytes) then
        break
      end
      through = sequence_of(entry)
      dropped_bytes = dropped_bytes + bytes
    end
    if through then
      last = through
      redis.call('XTRIM', history, 'MINID', digits(through + 1))
    end
    if not through or through < sequence_of(oldest[#oldest]) then
      break
    end
    batch = 64
  end
  if last then
    account(channel, -dropped_bytes)
  end
  return last
end

-- Removes what was published at `time` or before.
local function expire(channel, time)
  drop_oldest(channel, function(entry)
    return time_of(entry) <= time
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
