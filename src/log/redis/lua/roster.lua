-- Who is on which channel. ARGV[1] names what to do, ARGV[2] the node that asks. Time is Redis' own.
--
-- A stay: { id, member, since, leases: { node: { ends, lingers } }, ending }
local ROSTER, node = KEYS[1], ARGV[2]
local DUE = ROSTER .. ':due' -- sorted set: `channel client` by when its last lease ends

local WATCH = ROSTER .. ':watch' -- hash: when stays were last looked over, and from when on they end again

local MAX_ENDING = 256
local OUTAGE_MS = 3000

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function stays_key(channel)
  return ROSTER .. ':stays:' .. channel
end

local function channels_key(client)
  return ROSTER .. ':channels:' .. client
end

local function subscribers_key(channel)
  return ROSTER .. ':subscribers:' .. channel
end

local function digits(number)
  return string.format('%.0f', number)
end

local function load_stay(channel, client)
  local text = redis.call('HGET', stays_key(channel), client)
  return text and cjson.decode(text)
end

local function save_stay(channel, client, stay)
  local due = 0
  for holder, lease in pairs(stay.leases) do
    if lease.ends <= now then
      stay.leases[holder] = nil
    else
      due = math.max(due, lease.ends)
    end
  end
  redis.call('HSET', stays_key(channel), client, cjson.encode(stay))
  redis.call('ZADD', DUE, digits(due), channel .. ' ' .. client)
end

local function drop_lingering(channel, client, stay)
  for holder, lease in pairs(stay.leases) do
    if lease.lingers then
      stay.leases[holder] = nil
    end
  end
  save_stay(channel, client, stay)
end

local function shown(channel, client, stay)
  return { channel, client, stay.id, stay.member, digits(stay.since) }
end

local actions = {}

function actions.hold(channel, client, id, member, since, lease_ms)
  local stay = load_stay(channel, client)
  local ended, change = false, ''
  if stay and stay.ending then
    ended, stay = shown(channel, client, stay), nil
  end
  if not stay then
    change = 'join'
    stay = { id = id, since = tonumber(since), leases = {} }
    redis.call('SADD', channels_key(client), channel)
    -- An outage may come before anybody has asked.
    redis.call('HSETNX', WATCH, 'asked', digits(now))
  elseif stay.id == id then
    change = 'join'
  elseif stay.member ~= member then
    change = 'update'
  end
  stay.member = member
  stay.leases[node] = { ends = now + tonumber(lease_ms), lingers = false }
  save_stay(channel, client, stay)
  return { change, shown(channel, client, stay), ended }
end

-- A lease that has run out is renewed too, if nobody has noticed: so an outage of Redis makes nobody leave.
function actions.renew(lease_ms, ...)
  local member_keys, anew = { ... }, {}
  for index = 1, #member_keys, 2 do
    local stay = load_stay(member_keys[index], member_keys[index + 1])
    if stay and not stay.ending then
      stay.leases[node] = { ends = now + tonumber(lease_ms), lingers = false }
      save_stay(member_keys[index], member_keys[index + 1], stay)
    else
      table.insert(anew, (index - 1) / 2)
    end
  end
  return anew
end

function actions.release(channel, client, linger_ms)
  local stay = load_stay(channel, client)
  if not stay or not stay.leases[node] then
    return
  end
  stay.leases[node] = { ends = now + tonumber(linger_ms), lingers = true }
  if linger_ms == '0' then
    drop_lingering(channel, client, stay)
  else
    save_stay(channel, client, stay)
  end
end

function actions.goodbye(client)
  for _, channel in ipairs(redis.call('SMEMBERS', channels_key(client))) do
    local stay = load_stay(channel, client)
    if stay then
      drop_lingering(channel, client, stay)
    end
  end
end

-- A scan, as a whole channel at once would keep everyone else waiting.
function actions.page(channel, max_members, cursor)
  if not string.match(cursor, '^%d+$') then
    cursor = '0'
  end
  local next_cursor, stays = unpack(redis.call('HSCAN', stays_key(channel), cursor, 'COUNT', max_members))
  local members = {}
  for index = 1, #stays, 2 do
    local client, stay = stays[index], cjson.decode(stays[index + 1])
    local due = tonumber(redis.call('ZSCORE', DUE, channel .. ' ' .. client) or '0')
    if not stay.ending and due > now then
      table.insert(members, shown(channel, client, stay))
    end
  end
  return { next_cursor, members }
end

function actions.count(channel)
  return redis.call('HLEN', stays_key(channel))
end

-- Redis itself may have been away, and a question that waited for it be the first thing that it hears.
local function after_outage(lease_ms)
  local asked, ends_from = unpack(redis.call('HMGET', WATCH, 'asked', 'ends_from'))
  redis.call('HSET', WATCH, 'asked', digits(now))
  if asked and now - tonumber(asked) > OUTAGE_MS then
    ends_from = digits(now + tonumber(lease_ms))
    redis.call('HSET', WATCH, 'ends_from', ends_from)
  end
  return ends_from and tonumber(ends_from) > now
end

function actions.ending(lease_ms)
  -- What was let go on purpose is due at 0.
  local through = after_outage(lease_ms) and '0' or digits(now)
  local ending = {}
  local due = redis.call('ZRANGEBYSCORE', DUE, '-inf', through, 'LIMIT', 0, MAX_ENDING)
  for _, member_key in ipairs(due) do
    local channel, client = string.match(member_key, '^(%S+) (%S+)$')
    local stay = load_stay(channel, client)
    if stay then
      stay.ending = true
      redis.call('HSET', stays_key(channel), client, cjson.encode(stay))
      table.insert(ending, shown(channel, client, stay))
    else
      redis.call('ZREM', DUE, member_key)
    end
  end
  return ending
end

function actions.forget(channel, client, id)
  local stay = load_stay(channel, client)
  if stay and stay.id == id and stay.ending then
    redis.call('HDEL', stays_key(channel), client)
    redis.call('ZREM', DUE, channel .. ' ' .. client)
    redis.call('SREM', channels_key(client), channel)
    return 1
  end
  return 0
end

function actions.report(lease_ms, ...)
  local counts = { ... }
  local ends = digits(now + tonumber(lease_ms))
  for index = 1, #counts, 2 do
    local key = subscribers_key(counts[index])
    if counts[index + 1] == '0' then
      redis.call('HDEL', key, node)
    else
      redis.call('HSET', key, node, counts[index + 1] .. ' ' .. ends)
      if redis.call('PTTL', key) < tonumber(lease_ms) then
        redis.call('PEXPIRE', key, lease_ms)
      end
    end
  end
end

function actions.elsewhere(channel)
  local reports, sum = redis.call('HGETALL', subscribers_key(channel)), 0
  for index = 1, #reports, 2 do
    local count, ends = string.match(reports[index + 1], '^(%d+) (%d+)$')
    if tonumber(ends) <= now then
      redis.call('HDEL', subscribers_key(channel), reports[index])
    elseif reports[index] ~= node then
      sum = sum + tonumber(count)
    end
  end
  return sum
end

return actions[ARGV[1]](unpack(ARGV, 3))
