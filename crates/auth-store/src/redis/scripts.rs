//! The scripts that run in the server. Each is all or nothing, and gives the same result if it is sent twice. They touch only the keys
//! that they are given, all of one account.

use redis::Cmd;
use std::sync::LazyLock;

/// A script with the name that Redis has for it.
pub(super) struct Script {
    pub(super) text: &'static str,
    pub(super) hash: String,
}

impl Script {
    fn new(text: &'static str) -> Self {
        Self { text, hash: redis::Script::new(text).get_hash().to_owned() }
    }

    pub(super) fn command(&self, command: &str, script: &str, keys: &[String], arguments: &[Vec<u8>]) -> Cmd {
        let mut command = redis::cmd(command);
        command.arg(script).arg(keys.len()).arg(keys);
        for argument in arguments {
            command.arg(argument.as_slice());
        }
        command
    }
}

/// What a script answers: a code, and a number that goes with it. 1 says that another session, or another content, is there.
pub(super) const DONE: i64 = 0;
/// A later holder of the lock has written.
pub(super) const FENCED: i64 = 2;
/// A newer version has written: the number.
pub(super) const NEWER: i64 = 3;

/// Arguments of each record in `SAVE`.
pub(super) const ARGUMENTS: usize = 6;

/// Writes records, all or none. KEYS: the records. ARGV: our version, then for each its condition (a session id, or nothing), session id, body,
/// place, expiry (milliseconds, or nothing) and token (or nothing). With `DONE` the number of records that were not there before.
pub(super) static SAVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local there = {}
for i, key in ipairs(KEYS) do
  local a = 6 * (i - 1) + 1
  local found = redis.call('HMGET', key, 's', 'b', 't')
  there[i] = found[2]
  if found[2] ~= ARGV[a + 3] then
    if found[2] and #found[2] > 0 and string.byte(found[2], 1) > tonumber(ARGV[1]) then
      return {3, string.byte(found[2], 1)}
    end
    if ARGV[a + 6] ~= '' and found[3] and tonumber(found[3]) > tonumber(ARGV[a + 6]) then return {2, 0} end
    if ARGV[a + 1] ~= '' and found[1] ~= ARGV[a + 1] then return {1, 0} end
  end
end
local created = 0
for i, key in ipairs(KEYS) do
  local a = 6 * (i - 1) + 1
  if not there[i] then created = created + 1 end
  redis.call('HSET', key, 's', ARGV[a + 2], 'b', ARGV[a + 3], 'p', ARGV[a + 4])
  if ARGV[a + 6] ~= '' then redis.call('HSET', key, 't', ARGV[a + 6]) end
  if ARGV[a + 5] ~= '' then redis.call('PEXPIRE', key, ARGV[a + 5]) else redis.call('PERSIST', key) end
end
return {0, created}
",
    )
});

/// Removes a record and what is in quarantine. KEYS: record, damaged. ARGV: our version, token (or nothing), the body that has to be there
/// (or nothing: any), whether only such a one (`1`).
pub(super) static REMOVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local found = redis.call('HMGET', KEYS[1], 'b', 't')
if found[1] then
  if ARGV[4] == '1' then
    if found[1] ~= ARGV[3] then return {1, 0} end
  elseif #found[1] > 0 and string.byte(found[1], 1) > tonumber(ARGV[1]) then
    return {3, string.byte(found[1], 1)}
  end
  if ARGV[2] ~= '' and found[2] and tonumber(found[2]) > tonumber(ARGV[2]) then return {2, 0} end
end
redis.call('DEL', KEYS[1], KEYS[2])
return {0, 0}
",
    )
});

/// Moves a record aside. KEYS: record, damaged. ARGV: the body that was read (or nothing), for how long (milliseconds).
pub(super) static QUARANTINE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
if redis.call('EXISTS', KEYS[1]) == 0 or (redis.call('HGET', KEYS[1], 'b') or '') ~= ARGV[1] then return {1, 0} end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return {0, 0}
",
    )
});

/// Seals a record anew. KEYS: record. ARGV: the body that was read, the new one.
pub(super) static RESEAL: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local there = redis.call('HGET', KEYS[1], 'b')
if there == ARGV[2] then return {0, 0} end
if there ~= ARGV[1] then return {1, 0} end
redis.call('HSET', KEYS[1], 'b', ARGV[2])
return {0, 0}
",
    )
});

/// Replaces the marker. KEYS: marker. ARGV: the bytes that were read, the new ones.
pub(super) static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local there = redis.call('GET', KEYS[1])
if there == ARGV[2] then return {0, 0} end
if there ~= ARGV[1] then return {1, 0} end
redis.call('SET', KEYS[1], ARGV[2])
return {0, 0}
",
    )
});

/// Takes a lease. KEYS: lease, record. ARGV: our random value, milliseconds, a value that we have given up (or nothing).
/// The token is above all before it, also where this server's clock is behind that of the master before it.
pub(super) static ACQUIRE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] and held ~= ARGV[3] then return {1, '0'} end
local time = redis.call('TIME')
local token = tonumber(time[1]) * 1000000 + tonumber(time[2])
local known = redis.call('HMGET', KEYS[2], 'b', 't', 'l')
for i = 2, 3 do
  local before = known[i] and tonumber(known[i])
  if before and before >= token then token = before + 1 end
end
local text = string.format('%.0f', token)
if known[1] then redis.call('HSET', KEYS[2], 'l', text) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {0, text}
",
    )
});

/// Makes a lease last longer. One that has run out is taken again if nobody has taken it since. KEYS: lease, record. ARGV: value,
/// milliseconds, token.
pub(super) static EXTEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return {1, 0} end
if not held then
  local known = redis.call('HMGET', KEYS[2], 't', 'l')
  for i = 1, 2 do
    if known[i] and tonumber(known[i]) > tonumber(ARGV[3]) then return {1, 0} end
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {0, 0}
",
    )
});

/// Gives a lease back. KEYS: lease. ARGV: value.
pub(super) static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return {0, 0}")
});
