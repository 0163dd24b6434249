"""What a ledger in Redis does, in Lua: each method is one script."""

SCHEMA_KEY = "vocobase:ledger:schema"

# Below the prefix of a scope: `e:<key>` is one entry; `in:<state>` orders keys by number; `ready` holds those
# that wait and are due, `delayed` the others by time; `leases` holds claims by the end of their lease.
COMMON = """
local P = KEYS[1]
if redis.call('EXISTS', KEYS[2]) == 0 then
    return redis.error_reply('LOST the server was emptied, and has forgotten what was done')
end
local function at(key) return P .. 'e:' .. key end
local function now() local t = redis.call('TIME') return t[1] + t[2] / 1000000 end
local function exact(number) return string.format('%.6f', number) end
local function row(key)
    local r = redis.call('HMGET', at(key), 'p', 's', 'o', 'c', 'n', 'r')
    return {key, r[1], r[2], r[3], r[4], r[5], r[6]}
end
local function move(key, from, to, not_before)
    local number = redis.call('HGET', at(key), 'q')
    redis.call('ZREM', P .. 'in:' .. from, key)
    for _, set in ipairs({'ready', 'delayed', 'leases'}) do redis.call('ZREM', P .. set, key) end
    redis.call('ZADD', P .. 'in:' .. to, number, key)
    redis.call('HSET', at(key), 's', to, 'n', not_before)
    if to ~= 'waiting' then return end
    redis.call('HDEL', at(key), 'o', 'c')
    if tonumber(not_before) <= now() then
        redis.call('ZADD', P .. 'ready', number, key)
    else
        redis.call('ZADD', P .. 'delayed', not_before, key)
    end
end
"""
ENTER = """
local new = 0
for i = 1, #ARGV, 2 do
    if redis.call('HSETNX', at(ARGV[i]), 'p', ARGV[i + 1]) == 1 then
        local number = redis.call('INCR', P .. 'number')
        redis.call('HSET', at(ARGV[i]), 's', 'waiting', 'n', '0', 'q', number)
        redis.call('ZADD', P .. 'in:waiting', number, ARGV[i])
        redis.call('ZADD', P .. 'ready', number, ARGV[i])
        new = new + 1
    end
end
return new
"""
CLAIM = """
local owner, limit, lease, time = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), now()
for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. 'delayed', '-inf', exact(time))) do
    redis.call('ZREM', P .. 'delayed', key)
    redis.call('ZADD', P .. 'ready', redis.call('HGET', at(key), 'q'), key)
end
local rows = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. 'ready', '-inf', '+inf', 'LIMIT', 0, limit)) do
    move(key, 'waiting', 'claimed', redis.call('HGET', at(key), 'n'))
    redis.call('HSET', at(key), 'o', owner, 'c', exact(time))
    redis.call('ZADD', P .. 'leases', exact(time + lease), key)
    rows[#rows + 1] = row(key)
end
return rows
"""
TAKE_OVER = """
local owner, limit, lease, time = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), now()
local rows = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. 'leases', '-inf', exact(time), 'LIMIT', 0, limit)) do
    redis.call('HSET', at(key), 'o', owner)
    redis.call('ZADD', P .. 'leases', exact(time + lease), key)
    rows[#rows + 1] = row(key)
end
return rows
"""
RENEW = """
local lost = {}
for i = 3, #ARGV do
    local found = redis.call('HMGET', at(ARGV[i]), 's', 'o')
    if found[1] == 'claimed' and found[2] == ARGV[1] then
        redis.call('ZADD', P .. 'leases', exact(now() + tonumber(ARGV[2])), ARGV[i])
    else
        lost[#lost + 1] = ARGV[i]
    end
end
return lost
"""
SETTLE = """
local owner, state, not_before, result = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lost = {}
for i = 5, #ARGV do
    local found = redis.call('HMGET', at(ARGV[i]), 's', 'o')
    if found[1] == 'claimed' and found[2] == owner then
        move(ARGV[i], 'claimed', state, not_before)
        redis.call('HSET', at(ARGV[i]), 'r', result)
    else
        lost[#lost + 1] = ARGV[i]
    end
end
return lost
"""
REVISE = """
local was, state, not_before, result = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lost = {}
for i = 5, #ARGV do
    if redis.call('HGET', at(ARGV[i]), 's') == was then
        move(ARGV[i], was, state, not_before)
        if result ~= '' then redis.call('HSET', at(ARGV[i]), 'r', result) end
    else
        lost[#lost + 1] = ARGV[i]
    end
end
return lost
"""
GET = "if redis.call('EXISTS', at(ARGV[1])) == 0 then return {} end return row(ARGV[1])"
ENTRIES = """
local set, after, limit, rows = P .. 'in:' .. ARGV[1], '(' .. ARGV[2], ARGV[3], {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', set, after, '+inf', 'LIMIT', 0, limit)) do
    rows[#rows + 1] = row(key)
end
return {#rows > 0 and redis.call('ZSCORE', set, rows[#rows][1]) or ARGV[2], rows}
"""
COUNTS = "local n = {} for i, s in ipairs(ARGV) do n[i] = redis.call('ZCARD', P .. 'in:' .. s) end return n"
NEXT_DUE = """
if redis.call('ZCARD', P .. 'ready') > 0 then return '0' end
local first = redis.call('ZRANGE', P .. 'delayed', 0, 0, 'WITHSCORES')
return first[2] and exact(math.max(0, first[2] - now())) or ''
"""
