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
-- What Lua's stack surely takes as arguments.
local SIZES_PER_PUSH = 500

local epoch = redis.call('HGET', LOG, 'epoch')
if not epoch then
  return redis.error_reply('NOEPOCH Redis has been emptied')
end

local first_number = tonumber(redis.call('HGET', LOG, 'sequence') or '0')
local number = first_number

-- Told at the end: Redis lets a script announce what it then may not store.
local announcements = {}

local channels = {}
for index = 1, channel_count do
  channels[index] = {
    name = ARGV[next_argument],
    live = ARGV[next_argument + 1],
    count = tonumber(ARGV[next_argument + 2]),
    age_ms = tonumber(ARGV[next_argument + 3]),
    max_bytes = tonumber(ARGV[next_argument + 4]),
    history = KEYS[next_key],
    added = 0,
    added_bytes = 0,
    sizes = {},
  }
  next_argument = next_argument + 5
  next_key = next_key + 1
end

local function push_sizes(channel)
  if #channel.sizes > 0 then
    redis.call('RPUSH', SIZES .. channel.name, unpack(channel.sizes))
    channel.sizes = {}
  end
end

-- Before the first message of a channel is added.
local function begin(channel)
  channel.previous = redis.call('ZSCORE', CHANNELS, channel.name) or redis.call('HGET', LOG, 'forgotten') or '0'
  if channel.count > 0 then
    if redis.call('EXISTS', channel.history) == 0 then
      redis.call('DEL', SIZES .. channel.name) -- Redis itself has removed it.
      account(channel.name, -held_by(channel.name))
    end
    measure(channel.name)
  end
end

-- After the last one.
local function finish(channel)
  if channel.count > 0 then
    push_sizes(channel)
    account(channel.name, channel.added_bytes)
    expire(channel.name, now - channel.age_ms)
    local surplus = redis.call('XLEN', channel.history) - channel.count
    if surplus > 0 then
      drop_oldest(channel.name, function()
        surplus = surplus - 1
        return surplus >= 0
      end)
    end
    drop_bytes(channel.name, held_by(channel.name) - channel.max_bytes)
    local kept_ms = digits(channel.age_ms + MARGIN_MS)
    redis.call('PEXPIRE', channel.history, kept_ms)
    redis.call('PEXPIRE', SIZES .. channel.name, kept_ms)
  end
  redis.call('ZADD', CHANNELS, channel.previous, channel.name)
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
  if channel.count > 0 then
    local id, bytes = sequence .. '-' .. time, payload_bytes(record)
    redis.call('XADD', channel.history, id, channel.previous, record)
    channel.added_bytes = channel.added_bytes + bytes
    channel.sizes[#channel.sizes + 1] = id .. ' ' .. bytes
    if #channel.sizes == SIZES_PER_PUSH then
      push_sizes(channel)
    end
  end
  announcements[#announcements + 1] = {
    channel.live,
    epoch .. ' ' .. sequence .. ' ' .. channel.previous .. ' ' .. time .. '\n' .. record,
  }
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
redis.call('HINCRBY', LOG, 'sequence', digits(number - first_number))
for _, channel in ipairs(channels) do
  if channel.added > 0 then
    finish(channel)
  end
end

-- The channels that hold most lose their oldest.
for _ = 1, SHED_LOOKS do
  local surplus = tonumber(redis.call('HGET', LOG, 'bytes') or '0') - max_bytes_of_all
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

-- Forgets a channel of which nothing is kept, from the one that was silent longest, for each that may be new. The next ones to be looked
-- at expire next, so with nothing to forget yet the set grows for a while.
local surplus = math.min(redis.call('ZCARD', CHANNELS) - max_channels, channel_count)
if surplus > 0 then
  local oldest = redis.call('ZRANGE', CHANNELS, 0, FORGET_LOOKS + channel_count - 1, 'WITHSCORES')
  for index = 1, #oldest, 2 do
    if surplus > 0 and redis.call('EXISTS', HISTORY .. oldest[index]) == 0 then
      surplus = surplus - 1
      redis.call('ZREM', CHANNELS, oldest[index])
      redis.call('ZREM', CUT, oldest[index])
      account(oldest[index], -held_by(oldest[index]))
      local forgotten = tonumber(redis.call('HGET', LOG, 'forgotten') or '0')
      redis.call('HSET', LOG, 'forgotten', digits(math.max(forgotten, tonumber(oldest[index + 1]))))
    end
  end
end

for _, announcement in ipairs(announcements) do
  redis.call('PUBLISH', announcement[1], announcement[2])
end
return { epoch, reply }
