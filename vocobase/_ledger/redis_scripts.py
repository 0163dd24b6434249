"""The Lua scripts of a ledger in Redis: each method is one script."""

SCHEMA_KEY = "vocobase:ledger:schema"
# A hash: `identity`; `worker:<id>` is a worker's bookmark; `list:<prefix>` is a list's number of entries.
IDENTITY_KEY = "vocobase:ledger:identity"

# Below the prefix of a scope: `e:<key>` is one entry; `in:<state>` orders keys by number; `ready` holds
# waiting ones that are due, by priority and number (2^44 numbers for each priority: exact as a double),
# `delayed` the others by time; `leases` holds claims by the end of their lease.
#
# `HEAD` and `TAIL` surround each script. No script removes an entry: if another program removes keys, the
# numbers of entries do not agree, or `known` finds an entry that is in a set but has no content.

# From schema 1 to 2, at once for all workers: entries without a priority have 0. Another identity ends the
# workers of schema 1 that are still running, as they do not know the current rules of the entries.
MIGRATE = """
if redis.call('GET', KEYS[1]) ~= '1' then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[2], 'identity', ARGV[2])
return 1
"""
HEAD = """
local P, BOOK = KEYS[1], KEYS[2]
local changes, number = tonumber(table.remove(ARGV)), tonumber(table.remove(ARGV))
local worker, identity = table.remove(ARGV), table.remove(ARGV)
local function count(set) return redis.call('ZCARD', P .. set) end
local function check()
    local found = redis.call('HMGET', BOOK, 'identity', 'worker:' .. worker, 'list:' .. P)
    if found[1] ~= identity then return 'it has another identity' end
    if tonumber(found[2] or 0) < number then
        redis.pcall('HSET', BOOK, 'identity', worker)
        return 'changes are missing'
    end
    local entered = redis.call('GET', P .. 'number')
    local waiting, claimed = count('in:waiting'), count('in:claimed')
    local all = waiting + claimed + count('in:done') + count('in:refused') + count('in:parked')
    if tonumber(entered or 0) ~= all or all < tonumber(found[3] or 0)
        or waiting ~= count('ready') + count('delayed') or claimed ~= count('leases') then
        return 'keys are missing'
    end
end
local problem = check()
if problem then return redis.error_reply('LOST ' .. problem) end
local function at(key) return P .. 'e:' .. key end
local function known(key)
    if redis.call('EXISTS', at(key)) == 1 then return true end
    for _, state in ipairs({'waiting', 'claimed', 'done', 'refused', 'parked'}) do
        if redis.call('ZSCORE', P .. 'in:' .. state, key) then error('LOST an entry is missing') end
    end
    return false
end
local function now() local t = redis.call('TIME') return t[1] + t[2] / 1000000 end
local function exact(number) return string.format('%.6f', number) end
local function row(key)
    known(key)
    local r = redis.call('HMGET', at(key), 'p', 's', 'o', 'c', 'n', 'r')
    return {key, r[1], r[2], r[3], r[4], r[5], r[6]}
end
local function up_to(set, score, limit, only)
    if only == '' then
        return redis.call('ZRANGEBYSCORE', P .. set, '-inf', score, 'LIMIT', 0, limit)
    end
    local found = known(only) and redis.call('ZSCORE', P .. set, only)
    return found and (score == '+inf' or tonumber(found) <= tonumber(score)) and {only} or {}
end
local function ready(key)
    local found = redis.call('HMGET', at(key), 'q', 'y')
    redis.call('ZADD', P .. 'ready', found[1] - (found[2] or 0) * 2^44, key)
end
local function add(key, payload, priority)
    local number = redis.call('INCR', P .. 'number')
    redis.call('HSET', BOOK, 'list:' .. P, number)
    redis.call('HSET', at(key), 'p', payload, 's', 'waiting', 'n', '0', 'q', number, 'y', priority)
    redis.call('ZADD', P .. 'in:waiting', number, key)
    ready(key)
end
local function move(key, from, to, not_before)
    known(key)
    local number = redis.call('HGET', at(key), 'q')
    redis.call('ZREM', P .. 'in:' .. from, key)
    for _, set in ipairs({'ready', 'delayed', 'leases'}) do redis.call('ZREM', P .. set, key) end
    redis.call('ZADD', P .. 'in:' .. to, number, key)
    redis.call('HSET', at(key), 's', to, 'n', not_before)
    if to ~= 'waiting' then return end
    redis.call('HDEL', at(key), 'o', 'c')
    if tonumber(not_before) <= now() then
        ready(key)
    else
        redis.call('ZADD', P .. 'delayed', not_before, key)
    end
end
local function work()
"""
TAIL = """
end
local result = work()
if changes > 0 then number = redis.call('HINCRBY', BOOK, 'worker:' .. worker, changes) end
return {number, result}
"""
ENTER = """
local new = 0
for i = 1, #ARGV, 3 do
    if not known(ARGV[i]) then
        add(ARGV[i], ARGV[i + 1], ARGV[i + 2])
        new = new + 1
    end
end
return new
"""
CLAIM = """
local owner, limit, lease, time = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), now()
for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. 'delayed', '-inf', exact(time))) do
    known(key)
    redis.call('ZREM', P .. 'delayed', key)
    ready(key)
end
local rows = {}
for _, key in ipairs(up_to('ready', '+inf', limit, ARGV[4])) do
    known(key)
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
for _, key in ipairs(up_to('leases', exact(time), limit, ARGV[4])) do
    known(key)
    redis.call('HSET', at(key), 'o', owner)
    redis.call('ZADD', P .. 'leases', exact(time + lease), key)
    rows[#rows + 1] = row(key)
end
return rows
"""
RENEW = """
local lost = {}
for i = 3, #ARGV do
    local found = known(ARGV[i]) and redis.call('HMGET', at(ARGV[i]), 's', 'o') or {}
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
    local found = known(ARGV[i]) and redis.call('HMGET', at(ARGV[i]), 's', 'o') or {}
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
local was, state, not_before, result, exact_result, expected = unpack(ARGV, 1, 6)
local lost = {}
for i = 7, #ARGV do
    local found = known(ARGV[i]) and redis.call('HMGET', at(ARGV[i]), 's', 'r') or {}
    if found[1] == was and (exact_result == '' or (found[2] or '') == expected) then
        move(ARGV[i], was, state, not_before)
        if result ~= '' then redis.call('HSET', at(ARGV[i]), 'r', result) end
    else
        lost[#lost + 1] = ARGV[i]
    end
end
return lost
"""
GET = "if not known(ARGV[1]) then return {} end return row(ARGV[1])"
RECORD = """
for i = 2, #ARGV do
    if not known(ARGV[i]) then add(ARGV[i], '{}', 0) end
    if redis.call('HGET', at(ARGV[i]), 's') == 'waiting' then move(ARGV[i], 'waiting', ARGV[1], '0') end
end
return 0
"""
FIND = """
local found = {}
for i = 2, #ARGV do
    if known(ARGV[i]) and redis.call('HGET', at(ARGV[i]), 's') == ARGV[1] then
        found[#found + 1] = ARGV[i]
    end
end
return found
"""
ENTRIES = """
local set, after, limit, rows = P .. 'in:' .. ARGV[1], '(' .. ARGV[2], ARGV[3], {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', set, after, '+inf', 'LIMIT', 0, limit)) do
    rows[#rows + 1] = row(key)
end
return {#rows > 0 and redis.call('ZSCORE', set, rows[#rows][1]) or ARGV[2], rows}
"""
COUNTS = "local n = {} for i, s in ipairs(ARGV) do n[i] = redis.call('ZCARD', P .. 'in:' .. s) end return n"
SCOPES = "return redis.call('HKEYS', BOOK)"
NEXT_DUE = """
if redis.call('ZCARD', P .. 'ready') > 0 then return '0' end
local first = redis.call('ZRANGE', P .. 'delayed', 0, 0, 'WITHSCORES')
return first[2] and exact(math.max(0, first[2] - now())) or ''
"""
