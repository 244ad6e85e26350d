-- Answers the epoch and, for each channel, how many entries it keeps, and the oldest and the newest sequence of
-- them. KEYS[4] and on are the histories; ARGV[2] and on the ages they keep.
local now = tonumber(ARGV[1])

local ranges = {}
for index = 4, #KEYS do
  local history = KEYS[index]
  local entries = expire(string.sub(history, #HISTORY + 1), now - tonumber(ARGV[index - 2])).entries
  local oldest = redis.call('XRANGE', history, '-', '+', 'COUNT', 1)[1]
  local newest = redis.call('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
  if oldest then
    table.insert(ranges, { entries, sequence_of(oldest), sequence_of(newest) })
  else
    table.insert(ranges, { 0, 0, 0 })
  end
end
return { redis.call('HGET', LOG, 'epoch') or '', ranges }
