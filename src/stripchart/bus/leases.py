"""Leases in Redis: who may have what, for a few seconds at a time. Each script is carried out as one step.

A lease is the key `stripchart:lease:NAME` with the holder and the token it got, and ends by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from redis.asyncio import Redis

from stripchart.bus.connection import Connection

_LEASE, _TOKEN = "stripchart:lease:", "stripchart:lease-token"
_ALIVE, _ABOUT = "stripchart:collectors", "stripchart:collectors:about"

_MEET = """
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now_ms + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now_ms)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('HDEL', KEYS[2], gone)
end
return redis.call('HGETALL', KEYS[2])
"""

_ALL = """
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
for _, one in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now_ms), '+inf')) do
  found[#found + 1] = one
  found[#found + 1] = redis.call('HGET', KEYS[2], one) or ''
end
return found
"""

_HOLD = """
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local uptime_s = tonumber(string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)'))
local is_young = uptime_s * 1000 <= tonumber(ARGV[2])
local function next_token()
  local last = tonumber(redis.call('GET', KEYS[1]) or '0')
  local token = string.format('%.0f', math.max(last + 1, now_us))
  redis.call('SET', KEYS[1], token)
  return token
end
local tokens = {}
for place = 2, #KEYS do
  local token, holder = string.match(redis.call('GET', KEYS[place]) or '', '^(%d+) (.*)$')
  if holder == ARGV[1] then
    redis.call('PEXPIRE', KEYS[place], ARGV[2])
    tokens[#tokens + 1] = token
  elseif token or (is_young and ARGV[place + 1] == '0') then
    tokens[#tokens + 1] = '0'
  else
    token = next_token()
    redis.call('SET', KEYS[place], token .. ' ' .. ARGV[1], 'PX', ARGV[2])
    tokens[#tokens + 1] = token
  end
end
return tokens
"""

_GIVE_BACK = """
for _, lease in ipairs(KEYS) do
  local holder = string.match(redis.call('GET', lease) or '', '^%d+ (.*)$')
  if holder == ARGV[1] then
    redis.call('DEL', lease)
  end
end
return 0
"""


class RedisLeases:
    """The lease store over the process's connection; every method raises BusError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def meet(self, me: str, about: bytes, ttl_ms: int) -> dict[str, bytes]:
        """Say that the collector lives for so long at least. All that live, each with what it said of itself."""
        return _pairs(await self._run(_MEET, [_ALIVE, _ABOUT], [me, about, str(ttl_ms)]))

    async def collectors(self) -> dict[str, bytes]:
        """All that live, each with what it said of itself."""
        return _pairs(await self._run(_ALL, [_ALIVE, _ABOUT], []))

    async def hold(self, me: str, wanted: Mapping[str, bool], ttl_ms: int) -> dict[str, int]:
        """Take or renew leases for so long. The token of each that is held now; what others have is left out.

        `wanted`: whether the lease was held until now. A Redis that has just begun may have forgotten who holds what,
        so it renews for a while what was held, and gives nothing that was not. A token is greater than all that were
        given before, also when Redis has forgotten those: it is not below its time in microseconds.
        """
        if not wanted:
            return {}
        given = [me, str(ttl_ms), *(str(int(was_held)) for was_held in wanted.values())]
        tokens = cast("list[bytes]", await self._run(_HOLD, [_TOKEN, *map(_lease, wanted)], given))
        return {name: int(token) for name, token in zip(wanted, tokens, strict=True) if int(token)}

    async def give_back(self, me: str, names: Iterable[str]) -> None:
        """Let go of leases before their time; those of others stay."""
        leases = [_lease(name) for name in names]
        if leases:
            await self._run(_GIVE_BACK, leases, [me])

    async def leave(self, me: str) -> None:
        """The collector goes, and is no longer counted on."""

        async def forget(redis: Redis) -> None:
            await redis.zrem(_ALIVE, me)
            await redis.hdel(_ABOUT, me)

        await self._connection.ask(forget)

    async def holder(self, name: str) -> tuple[str, int] | None:
        """Who has the lease, and its token; None when nobody does."""
        found = await self._connection.ask(lambda redis: redis.get(_lease(name)))
        if found is None:
            return None
        token, _, holder = cast("bytes", found).decode().partition(" ")
        return holder, int(token)

    async def held(self, names: Iterable[str]) -> set[str]:
        """Those of these names whose lease somebody has."""
        wanted = list(names)
        if not wanted:
            return set()
        leases = [_lease(name) for name in wanted]
        found = await self._connection.ask(lambda redis: redis.mget(leases))
        return {name for name, lease in zip(wanted, found, strict=True) if lease is not None}

    async def _run(self, script: str, keys: Sequence[str], given: Sequence[str | bytes]) -> Any:
        return await self._connection.ask(lambda redis: redis.eval(script, len(keys), *keys, *given))


def _lease(name: str) -> str:
    return _LEASE + name


def _pairs(flat: Sequence[bytes]) -> dict[str, bytes]:
    return {name.decode(): about for name, about in zip(flat[::2], flat[1::2], strict=True)}
