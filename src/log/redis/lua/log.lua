-- What the log's scripts begin with. All keys share a hash tag; scripts run one at a time, so each is one step.
local LOG = KEYS[1] -- hash: epoch, sequence, forgotten, run, bytes
local CHANNELS = KEYS[2] -- sorted set: channel by the sequence of its newest message
local HOLES = KEYS[3] -- sorted set: the last sequence that a life of the server kept, by the last that was then skipped

local HELD = LOG .. ':held' -- sorted set: channel by the payload bytes that its history holds
local CUT = LOG .. ':cut' -- sorted set: channel by the last sequence that went because there were too many bytes
-- What a list's key begins with: of each entry `sequence-time sum`, the payload bytes of the list's entries up to this one. With sums
-- nothing need be read of what is dropped between; an entry can only be read with all of its payload.
local SUMS = string.sub(CHANNELS, 1, -(#'channels' + 1)) .. 'sums:'
local HISTORY = string.sub(CHANNELS, 1, -(#'channels' + 1)) .. 'history:' -- what a history's key begins with

-- Lua prints large numbers with an exponent.
local function digits(number)
  return string.format('%d', number)
end

-- An entry's id is `sequence-time`, its one field is named for the sequence before it on the channel.
local function sequence_of(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

-- The payload stands behind the first line of a record.
local function payload_bytes(record)
  return #record - string.find(record, '\n', 1, true)
end

-- What Lua's stack surely takes as arguments.
local MAX_UNPACKED = 500

-- A command that takes any number of arguments, with as many as it takes at once. Each call from Lua costs more than what it does.
local function call_with_all(command, key, values)
  for first = 1, #values, MAX_UNPACKED do
    redis.call(command, key, unpack(values, first, math.min(first + MAX_UNPACKED - 1, #values)))
  end
end

-- What an earlier version of fanwire wrote has no sums beside it.
local function measure(history)
  redis.call('DEL', history.sums)
  history.sum = 0
  local after = '-'
  while true do
    local entries = redis.call('XRANGE', history.stream, after, '+', 'COUNT', 64)
    for _, entry in ipairs(entries) do
      history.sum = history.sum + payload_bytes(entry[2][2])
      redis.call('RPUSH', history.sums, entry[1] .. ' ' .. digits(history.sum))
      after = '(' .. entry[1]
    end
    if #entries < 64 then
      break
    end
  end
  local ends_in = redis.call('PTTL', history.stream)
  if ends_in > 0 then
    redis.call('PEXPIRE', history.sums, ends_in)
  end
  history.held = history.sum
end

-- What a channel keeps: how many entries, and how many payload bytes. What a script changes of it is written down by `account`.
local function open_history(channel)
  local history = { channel = channel, stream = HISTORY .. channel, sums = SUMS .. channel }
  history.entries = redis.call('XLEN', history.stream)
  history.accounted = tonumber(redis.call('ZSCORE', HELD, channel) or '0')
  -- Redis itself may have removed the stream.
  history.held = history.entries > 0 and history.accounted or 0
  history.sum = tonumber(string.match(redis.call('LINDEX', history.sums, -1) or '0', '%d+$'))
  if redis.call('LLEN', history.sums) ~= history.entries then
    measure(history)
  end
  return history
end

-- Removes from the oldest on what was published at `published_until` or before, and what there is beyond so many entries and bytes.
local function drop(history, published_until, max_entries, max_bytes)
  -- Of those beyond the count only the last is looked at.
  local surplus = math.max(0, history.entries - max_entries)
  local first, batch = math.max(0, surplus - 1), 2
  local dropped, last, last_for_bytes = 0, nil, nil
  local more = history.entries > 0
  while more do
    local oldest = redis.call('LRANGE', history.sums, first, first + batch - 1)
    more = #oldest > 0
    for index, entry in ipairs(oldest) do
      local sequence, time, sum = string.match(entry, '^(%d+)-(%d+) (%d+)$')
      if first + index > surplus and tonumber(time) > published_until then
        if history.held <= max_bytes then
          more = false
          break
        end
        last_for_bytes = sequence
      end
      dropped, last = first + index, sequence
      history.held = history.sum - tonumber(sum)
    end
    first, batch = first + #oldest, 64
  end
  history.entries = history.entries - dropped
  if last and history.entries == 0 then
    -- A stream without entries would keep its end, and the next list of sums have none.
    redis.call('DEL', history.stream, history.sums)
  elseif last then
    redis.call('LTRIM', history.sums, dropped, -1)
    redis.call('XTRIM', history.stream, 'MINID', digits(tonumber(last) + 1))
  end
  if last_for_bytes then
    redis.call('ZADD', CUT, last_for_bytes, history.channel)
  end
end

-- Writes down what histories hold, and returns by how much it has grown. What an earlier version of fanwire wrote is not on the
-- account, so it may come to less than nothing.
local function account(histories)
  local scores, emptied, grown = {}, {}, 0
  for _, history in ipairs(histories) do
    local held = math.max(0, history.held)
    if held ~= history.accounted then
      if held > 0 then
        scores[#scores + 1] = digits(held)
        scores[#scores + 1] = history.channel
      else
        emptied[#emptied + 1] = history.channel
      end
      grown = grown + held - history.accounted
      history.accounted = held
    end
  end
  call_with_all('ZADD', HELD, scores)
  call_with_all('ZREM', HELD, emptied)
  if grown ~= 0 then
    redis.call('HINCRBY', LOG, 'bytes', digits(grown))
  end
  return grown
end

-- Removes what was published at `time` or before, and returns what is left.
local function expire(channel, time)
  local history = open_history(channel)
  drop(history, time, math.huge, math.huge)
  account({ history })
  return history
end

-- Whether a sequence was given out by a server that came back without it.
local function is_lost(sequence)
  local hole = redis.call('ZRANGEBYSCORE', HOLES, digits(sequence), '+inf', 'LIMIT', 0, 1)[1]
  return hole and tonumber(hole) < sequence
end
