-- Asked once on each connection. ARGV: an epoch in case one is needed, the server's run id, and what this node
-- has seen: epoch, sequence.
local fresh, run, known, seen = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

-- No server loses more numbers than this at once.
local JUMP = 1000000000
local HOLES_REMEMBERED = 100

local epoch, last_run, sequence = unpack(redis.call('HMGET', LOG, 'epoch', 'run', 'sequence'))
if not epoch then
  local newest = redis.call('ZRANGE', CHANNELS, -1, -1, 'WITHSCORES')[2] or '0'
  epoch = fresh
  redis.call('HSET', LOG, 'epoch', epoch, 'run', run, 'sequence', digits(tonumber(newest)))
  redis.call('DEL', HOLES)
elseif run ~= last_run then
  -- Another life of the server, or another server: it may lack the newest messages, and their numbers are out
  -- there as positions. They are never given again.
  local resumed = redis.call('HINCRBY', LOG, 'sequence', JUMP)
  redis.call('HSET', LOG, 'run', run)
  redis.call('ZADD', HOLES, digits(resumed - 1), sequence)
  redis.call('ZREMRANGEBYRANK', HOLES, 0, -1 - HOLES_REMEMBERED)
end
-- What this node has seen is gone, so others may wait for it in vain: only another epoch tells everybody.
if epoch == known and is_lost(seen) then
  epoch = fresh
  redis.call('HSET', LOG, 'epoch', epoch)
end
return epoch
