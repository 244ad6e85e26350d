-- Answers epoch, newest sequence, whether reading began at the position asked for, and for each channel its
-- newest sequence, how many entries it keeps, those from the start on (one more than asked for, to tell
-- whether there is more), and the last sequence that went because there were too many bytes. KEYS[4] and on are the histories; ARGV[7] and on their channels and ages in turn.
local now, mode, of_epoch = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local amount = tonumber(ARGV[4]) -- a sequence, or how many newest
local most_messages, most_bytes = tonumber(ARGV[5]), tonumber(ARGV[6])

local epoch, sequence, forgotten = unpack(redis.call('HMGET', LOG, 'epoch', 'sequence', 'forgotten'))
if not epoch then
  return redis.error_reply('NOEPOCH Redis has been emptied')
end

-- In growing chunks, as nothing tells beforehand how large entries are.
local function entries_after(history, after)
  local entries, bytes, chunk_size = {}, 0, 1
  while true do
    local chunk = redis.call('XRANGE', history, digits(after + 1), '+', 'COUNT', chunk_size)
    for _, entry in ipairs(chunk) do
      table.insert(entries, entry)
      bytes = bytes + payload_bytes(entry[2][2])
      if #entries > most_messages or (#entries > 1 and bytes > most_bytes) then
        return entries
      end
    end
    if #chunk < chunk_size then
      return entries
    end
    after = sequence_of(chunk[#chunk])
    chunk_size = math.min(chunk_size * 2, 64)
  end
end

-- The place before the newest so many of all channels together.
local function before_newest(count)
  local newest = {}
  for index = 4, #KEYS do
    for _, entry in ipairs(redis.call('XREVRANGE', KEYS[index], '+', '-', 'COUNT', count)) do
      table.insert(newest, sequence_of(entry))
    end
  end
  table.sort(newest, function(a, b) return a > b end)
  return newest[count] and newest[count] - 1 or 0
end

for index = 4, #KEYS do
  expire(ARGV[7 + (index - 4) * 2], now - tonumber(ARGV[8 + (index - 4) * 2]))
end

local after, found = 0, 0
if mode == 'last' then
  after = before_newest(amount)
elseif mode == 'after' and epoch == of_epoch and amount <= tonumber(sequence) and not is_lost(amount) then
  after, found = amount, 1
end

local channels = {}
for index = 4, #KEYS do
  local channel = ARGV[7 + (index - 4) * 2]
  local newest = redis.call('ZSCORE', CHANNELS, channel) or forgotten or '0'
  local cut = redis.call('ZSCORE', CUT, channel) or '0'
  local entries = mode == 'now' and {} or entries_after(KEYS[index], after)
  table.insert(channels, { tonumber(newest), redis.call('XLEN', KEYS[index]), entries, tonumber(cut) })
end
return { epoch, tonumber(sequence), found, channels }
