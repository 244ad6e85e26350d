-- Numbers, appends, remembers the keys, trims and announces, one message after the other, or does none of it.
local now, key_ttl_ms, keys_per_scope = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local max_channels, max_bytes_of_all = tonumber(ARGV[4]), tonumber(ARGV[5])
local channel_count, message_count = tonumber(ARGV[6]), tonumber(ARGV[7])
-- Then five for each channel, and KEYS 4 and so on are their histories; then what tells of each message,
-- five and a digest for each of its keys, which stand in the same order in KEYS, each with its scope's share behind it.
local next_argument, next_key = 8, 4

-- Ages are judged by the nodes' clocks; Redis' own clean-up comes when no clock can disagree.
local MARGIN_MS = 3600000
local FORGET_LOOKS = 32
local SHED_LOOKS = 32

local epoch, last_sequence, held_by_all, forgotten = unpack(redis.call('HMGET', LOG, 'epoch', 'sequence', 'bytes', 'forgotten'))
if not epoch then
  return redis.error_reply('NOEPOCH Redis has been emptied')
end

local first_number = tonumber(last_sequence or '0')
local number = first_number

-- Told at the end, as Redis lets a script announce what it then may not store: texts, and for each the name it goes to.
local announcements, names = {}, {}

local channels = {}
for index = 1, channel_count do
  channels[index] = {
    name = ARGV[next_argument],
    live = ARGV[next_argument + 1],
    count = tonumber(ARGV[next_argument + 2]),
    age_ms = tonumber(ARGV[next_argument + 3]),
    max_bytes = tonumber(ARGV[next_argument + 4]),
    added = 0,
    sums = {},
  }
  next_argument = next_argument + 5
  next_key = next_key + 1
end

-- Before the first message of a channel is added.
local function begin(channel)
  channel.previous = redis.call('ZSCORE', CHANNELS, channel.name) or forgotten or '0'
  if channel.count > 0 then
    channel.history = open_history(channel.name)
  end
end

-- After the last one.
local function finish(channel)
  local history = channel.history
  if history then
    call_with_all('RPUSH', history.sums, channel.sums)
    drop(history, now - channel.age_ms, channel.count, channel.max_bytes)
    local kept_ms = channel.age_ms + MARGIN_MS
    -- Not put off at each message, as that would be written to replicas and files each time.
    if math.abs(kept_ms - redis.call('PTTL', history.stream)) > MARGIN_MS / 2 then
      redis.call('PEXPIRE', history.stream, digits(kept_ms))
      redis.call('PEXPIRE', history.sums, digits(kept_ms))
    end
  end
end

-- A scope that has too many keys loses its own oldest.
local function remember(key, share, known)
  local kept_ms = digits(key_ttl_ms + MARGIN_MS)
  redis.call('SET', key, known, 'PX', kept_ms)
  redis.call('ZADD', share, digits(number), key)
  redis.call('PEXPIRE', share, kept_ms)
  if redis.call('ZCARD', share) > keys_per_scope then
    redis.call('DEL', redis.call('ZPOPMIN', share)[1])
  end
end

-- The sequence of what was added under a key, and whether that had another digest.
local function find(key, digest)
  local known = redis.call('GET', key)
  if known then
    local sequence, forgotten_at, first = string.match(known, '^(%d+) (%d+) ?(.*)$')
    if tonumber(forgotten_at) > now then
      return tonumber(sequence), first ~= '' and digest ~= '' and first ~= digest
    end
  end
end

local function add(channel, record, time)
  if channel.added == 0 then
    begin(channel)
  end
  number = number + 1
  channel.added = channel.added + 1
  local sequence = digits(number)
  local history = channel.history
  if history then
    local id, bytes = sequence .. '-' .. time, payload_bytes(record)
    redis.call('XADD', history.stream, id, channel.previous, record)
    history.entries = history.entries + 1
    history.held = history.held + bytes
    history.sum = history.sum + bytes
    channel.sums[channel.added] = id .. ' ' .. digits(history.sum)
  end
  local place = number - first_number
  names[place] = channel.live
  announcements[place] = epoch .. ' ' .. sequence .. ' ' .. channel.previous .. ' ' .. time .. ' ' .. #record .. '\n' .. record
  channel.previous = sequence
end

local reply = {}
for _ = 1, message_count do
  local channel, record = channels[tonumber(ARGV[next_argument])], ARGV[next_argument + 1]
  local time, keyed = ARGV[next_argument + 2], ARGV[next_argument + 3] == 'keyed'
  local key_count = tonumber(ARGV[next_argument + 4])
  local first_digest = next_argument + 5
  local known, differs
  if keyed then -- The first is the message's own key; the rest are its aliases.
    known, differs = find(KEYS[next_key], ARGV[first_digest])
  end
  if known then
    reply[#reply + 1] = known
    reply[#reply + 1] = differs and 2 or 1
  else
    add(channel, record, time)
    local told = digits(number) .. ' ' .. digits(now + key_ttl_ms) .. ' '
    for index = 0, key_count - 1 do
      remember(KEYS[next_key + 2 * index], KEYS[next_key + 2 * index + 1], told .. ARGV[first_digest + index])
    end
    reply[#reply + 1] = number
    reply[#reply + 1] = 0
  end
  next_argument = first_digest + key_count
  next_key = next_key + 2 * key_count
end

if number == first_number then
  return { epoch, reply }
end
redis.call('HSET', LOG, 'sequence', digits(number))
local newest, histories = {}, {}
for _, channel in ipairs(channels) do
  if channel.added > 0 then
    finish(channel)
    histories[#histories + 1] = channel.history
    newest[#newest + 1] = channel.previous
    newest[#newest + 1] = channel.name
  end
end
call_with_all('ZADD', CHANNELS, newest)

-- The channels that hold most lose their oldest.
local surplus = tonumber(held_by_all or '0') + account(histories) - max_bytes_of_all
for _ = 1, SHED_LOOKS do
  local heaviest = surplus > 0 and redis.call('ZREVRANGE', HELD, 0, 0)[1]
  if not heaviest then
    break
  end
  local history = open_history(heaviest)
  drop(history, -math.huge, math.huge, history.held - surplus)
  surplus = surplus + account({ history })
end

-- Forgets a channel of which nothing is kept, from the one that was silent longest, for each that may be new. The next ones to be looked
-- at expire next, so with nothing to forget yet the set grows for a while.
surplus = math.min(redis.call('ZCARD', CHANNELS) - max_channels, channel_count)
if surplus > 0 then
  local oldest = redis.call('ZRANGE', CHANNELS, 0, FORGET_LOOKS + channel_count - 1, 'WITHSCORES')
  for index = 1, #oldest, 2 do
    if surplus > 0 and redis.call('EXISTS', HISTORY .. oldest[index]) == 0 then
      surplus = surplus - 1
      redis.call('ZREM', CHANNELS, oldest[index])
      redis.call('ZREM', CUT, oldest[index])
      account({ open_history(oldest[index]) })
      forgotten = math.max(tonumber(forgotten or '0'), tonumber(oldest[index + 1]))
      redis.call('HSET', LOG, 'forgotten', digits(forgotten))
    end
  end
end

-- Those that follow each other on a channel in one; the order among channels stays.
local first = 1
for last, name in ipairs(names) do
  if name ~= names[last + 1] then
    redis.call('PUBLISH', name, table.concat(announcements, '', first, last))
    first = last + 1
  end
end
return { epoch, reply }
