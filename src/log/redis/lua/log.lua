-- What the log's scripts begin with. All keys share a hash tag; scripts run one at a time, so each is one step.
local LOG = KEYS[1] -- hash: epoch, sequence, forgotten, run
local CHANNELS = KEYS[2] -- sorted set: channel by the sequence of its newest message
local HOLES = KEYS[3] -- sorted set: the last sequence that a life of the server kept, by the last that was then skipped

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

-- Removes what was published at `time` or before, from the oldest on.
local function expire(history, time)
  local batch = 1
  while true do
    local oldest = redis.call('XRANGE', history, '-', '+', 'COUNT', batch)
    local through
    for _, entry in ipairs(oldest) do
      if time_of(entry) > time then
        break
      end
      through = sequence_of(entry)
    end
    if not through then
      return
    end
    redis.call('XTRIM', history, 'MINID', digits(through + 1))
    batch = 64
  end
end

-- Whether a sequence was given out by a server that came back without it.
local function is_lost(sequence)
  local hole = redis.call('ZRANGEBYSCORE', HOLES, digits(sequence), '+inf', 'LIMIT', 0, 1)[1]
  return hole and tonumber(hole) < sequence
end
