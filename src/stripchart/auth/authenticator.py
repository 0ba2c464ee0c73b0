"""Who asks: signs users in and out, renews their tokens, and knows in microseconds whose a token is."""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace

import structlog

from stripchart.auth.errors import AuthError, InvalidTokenError, TooManyAttemptsError, WrongPasswordError
from stripchart.auth.passwords import check_password, hashed, matches
from stripchart.auth.refusals import Refusals
from stripchart.auth.store import AccountStore
from stripchart.auth.throttle import Throttle
from stripchart.auth.tokens import REFRESH_S, AccessClaims, RefreshClaims, TokenSigner
from stripchart.model.account import ApiToken, NewToken, Role, Session, TokenId, TokenKind, User, UserId
from stripchart.model.audit import Action, Actor, Deed, acting
from stripchart.model.time import Clock

log = structlog.get_logger()

TOKEN_PREFIX = "sc_"  # noqa: S105 - how tokens begin, not one of them
_MOST_REMEMBERED = 4096
_ENDED = "the session has ended; sign in again"
_UNKNOWN = "(unknown name)"
"""Names that nobody has are not put down: sometimes they are passwords, typed in the wrong place."""
_SAME_MOMENT_MS = 10_000
"""Two tabs may renew with the same token at the same moment; later it is somebody who copied it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `session_id` is empty for a token's, `token_id` None for a session's."""

    user_id: UserId
    username: str
    role: Role
    session_id: str = ""
    token_id: TokenId | None = None
    kind: TokenKind | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a browser takes home; the refresh token is good for `lasts_s`."""

    user: User
    access_token: str
    refresh_token: str
    lasts_s: int = REFRESH_S


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request came from."""

    address: str
    agent: str = ""


class Authenticator:
    """Sessions and tokens are in memory as well as on disk, so that one that ends, ends at once."""

    def __init__(self, store: AccountStore, signer: TokenSigner, clock: Clock) -> None:
        self._store, self._signer, self._clock = store, signer, clock
        self._throttle, self._refusals = Throttle(), Refusals()
        self._lasts_s = REFRESH_S
        self._one_change_at_a_time = asyncio.Lock()
        self._sessions: dict[str, Session] = {}
        self._users: dict[UserId, User] = {}
        self._tokens: dict[bytes, ApiToken] = {}
        self._read: OrderedDict[str, AccessClaims] = OrderedDict()

    def limit(self, *, session_s: int, attempts: int) -> None:
        """From now on a session that nobody uses for so long ends, and so many wrong passwords are looked at."""
        self._lasts_s = session_s
        self._throttle.allow(attempts)

    async def load(self) -> None:
        """Take over what the store has now; also after somebody else changed it."""
        async with self._one_change_at_a_time:
            users, sessions = await self._store.users(), await self._store.sessions()
            self._tokens = dict(await self._store.tokens())
            self._users = {user.id: user for user in users}
            self._sessions = {session.id: session for session in sessions}

    def principal(self, bearer: str) -> Principal:
        """Whose token this is. Raises InvalidTokenError; a refresh token is none of these."""
        if bearer.startswith(TOKEN_PREFIX):
            return self._of_token(bearer)
        claims = self._claims(bearer)
        session = self._sessions.get(claims.session_id)
        user = self._users.get(claims.user_id)
        if session is None or user is None or session.user_id != claims.user_id:
            raise InvalidTokenError(_ENDED)
        return Principal(user.id, user.username, user.role, session_id=session.id)

    async def sign_in(self, username: str, password: str, caller: Caller) -> SignedIn:
        """Raises WrongPasswordError, alike and as slowly for an unknown user, and TooManyAttemptsError."""
        try:
            self._throttle.admit(username, caller.address, self._clock.monotonic_ns() / 1e9)
        except TooManyAttemptsError as error:
            await self._refused(self._find_named(username), caller, error)
            raise
        found = await self._store.credentials(username)
        if not await matches(password, found[1] if found else None) or found is None:
            await self._refused(found[0] if found else None, caller, WrongPasswordError())
            raise WrongPasswordError
        self._throttle.succeeded(username, caller.address)
        return await self.open_session(found[0], caller)

    async def open_session(self, user: User, caller: Caller) -> SignedIn:
        """Sign a user in whose identity is beyond doubt."""
        now_ms = self._clock.now_ms()
        session = Session(
            id=secrets.token_hex(16),
            user_id=user.id,
            refresh_id=secrets.token_hex(16),
            previous_id="",
            rotated_ms=now_ms,
            created_ms=now_ms,
            expires_ms=now_ms + self._lasts_s * 1000,
            address=caller.address,
            agent=caller.agent[:200],
        )
        async with self._one_change_at_a_time:
            await self._store.put_session(session)
            self._users[user.id], self._sessions[session.id] = user, session
        with acting(Actor(user.username, caller.address)):
            await self._store.note(_deed(Action.SIGNED_IN, user, agent=session.agent))
        return self._signed_in(session)

    async def refresh(self, refresh_token: str) -> SignedIn:
        """A new pair for a refresh token, which is used up. Raises InvalidTokenError.

        One that was used up before ends the session: one of two who have it is a thief.
        """
        now_ms = self._clock.now_ms()
        claims = self._signer.read_refresh(refresh_token, now_ms)
        async with self._one_change_at_a_time:
            session = self._sessions.get(claims.session_id)
            unused_ms = now_ms - session.rotated_ms if session else 0
            if session is None or session.user_id not in self._users or unused_ms >= self._lasts_s * 1000:
                raise InvalidTokenError(_ENDED)
            if claims.refresh_id == session.refresh_id:
                return self._signed_in(await self._rotated(session, now_ms))
            if claims.refresh_id == session.previous_id and now_ms - session.rotated_ms <= _SAME_MOMENT_MS:
                return self._signed_in(session)
        log.warning("session.stolen", username=self._users[session.user_id].username, address=session.address)
        await self.end_session(session.id, Action.REVOKED)
        raise InvalidTokenError("this refresh token was used before; sign in again")

    async def end_session(self, session_id: str, action: Action = Action.SIGNED_OUT) -> None:
        """From now on its tokens open nothing."""
        async with self._one_change_at_a_time:
            session = self._sessions.pop(session_id, None)
            await self._store.drop_session(session_id)
        user = self._users.get(session.user_id) if session else None
        if session is not None and user is not None:
            await self._store.note(_deed(action, user, signed_in_from=session.address))

    def is_signed_in(self, principal: Principal) -> bool:
        """Whether the session or token that somebody came with is still good, however long ago that was."""
        user = self._users.get(principal.user_id)
        if principal.session_id:
            return user is not None and principal.session_id in self._sessions
        token = next((each for each in self._tokens.values() if each.id == principal.token_id), None)
        if user is None or token is None:
            return False
        return token.expires_ms is None or token.expires_ms > self._clock.now_ms()

    def forget_user(self, user: UserId) -> None:
        """The store has deleted the user: sessions and tokens are void at once."""
        self._users.pop(user, None)
        self._sessions = {key: session for key, session in self._sessions.items() if session.user_id != user}
        self._tokens = {digest: token for digest, token in self._tokens.items() if token.user_id != user}

    def know_user(self, user: User) -> None:
        """A user is new or was changed."""
        self._users[user.id] = user

    def find_user(self, user: UserId) -> User | None:
        """The user of this id, if there is one."""
        return self._users.get(user)

    def user(self, user: UserId) -> User:
        """The user of this id. Raises InvalidTokenError when there is none any more."""
        found = self._users.get(user)
        if found is None:
            raise InvalidTokenError("the user was deleted")
        return found

    async def change_password(self, principal: Principal, old: str, new: str, caller: Caller) -> None:
        """Raises WrongPasswordError, TooManyAttemptsError and WeakPasswordError. Other sessions of the user end."""
        self._throttle.admit(principal.username, caller.address, self._clock.monotonic_ns() / 1e9)
        if not await matches(old, await self._store.password_hash(principal.user_id)):
            await self._refused(self._users.get(principal.user_id), caller, WrongPasswordError())
            raise WrongPasswordError
        self._throttle.succeeded(principal.username, caller.address)
        check_password(new, principal.username)
        await self._store.set_password(
            principal.user_id, await hashed(new), keep_session=principal.session_id or None
        )
        await self.load()

    async def make_token(
        self, principal: Principal, name: str, kind: TokenKind, role: Role, expires_ms: int | None
    ) -> tuple[str, ApiToken]:
        """The token, shown this once, and what is kept of it. It may do no more than its maker."""
        text = TOKEN_PREFIX + secrets.token_urlsafe(32)
        lesser = role if principal.role.reaches(role) else principal.role
        new = NewToken(
            principal.user_id,
            name,
            kind,
            Role.READ_ONLY if kind is TokenKind.DISPLAY else lesser,
            text[: len(TOKEN_PREFIX) + 4],
            expires_ms,
        )
        digest = _digest(text)
        async with self._one_change_at_a_time:
            token = await self._store.add_token(digest, new)
            self._tokens[digest] = token
        return text, token

    def tokens_of(self, user: UserId) -> list[ApiToken]:
        """The tokens a user made, in the order they were made."""
        return sorted((t for t in self._tokens.values() if t.user_id == user), key=lambda token: token.id)

    async def drop_token(self, token: ApiToken) -> None:
        """From now on it opens nothing."""
        async with self._one_change_at_a_time:
            self._tokens = {digest: kept for digest, kept in self._tokens.items() if kept.id != token.id}
            await self._store.drop_token(token.id)

    async def _refused(self, user: User | None, caller: Caller, error: AuthError) -> None:
        """Put down that somebody was not let in, unless it is the same all the time."""
        left_out = self._refusals.admit(self._clock.monotonic_ns() / 1e9)
        if left_out is None:
            return
        name = user.username if user else _UNKNOWN
        log.warning("sign_in.refused", username=name, address=caller.address, left_out=left_out)
        with acting(Actor("", caller.address)):
            told = {"reason": str(error), "code": error.code, "agent": caller.agent[:200]}
            more = {"left_out": left_out} if left_out else {}
            await self._store.note(_deed(Action.REFUSED, user, **told, **more))

    def _find_named(self, username: str) -> User | None:
        name = username.casefold()
        return next((user for user in self._users.values() if user.username.casefold() == name), None)

    async def _rotated(self, session: Session, now_ms: int) -> Session:
        new = replace(
            session,
            refresh_id=secrets.token_hex(16),
            previous_id=session.refresh_id,
            rotated_ms=now_ms,
            expires_ms=now_ms + self._lasts_s * 1000,
        )
        await self._store.put_session(new)
        self._sessions[session.id] = new
        return new

    def _signed_in(self, session: Session) -> SignedIn:
        now_ms = self._clock.now_ms()
        user = self._users[session.user_id]
        return SignedIn(
            user,
            self._signer.access(user, session.id, now_ms, self._lasts_s),
            self._signer.refresh(RefreshClaims(session.id, session.refresh_id), now_ms, self._lasts_s),
            self._lasts_s,
        )

    def _claims(self, bearer: str) -> AccessClaims:
        """Checking a signature takes longer than all the rest, so what was read is remembered until it expires."""
        now_ms = self._clock.now_ms()
        known = self._read.get(bearer)
        if known is not None and known.expires_s * 1000 > now_ms:
            return known
        claims = self._signer.read_access(bearer, now_ms)
        self._read[bearer] = claims
        if len(self._read) > _MOST_REMEMBERED:
            self._read.popitem(last=False)
        return claims

    def _of_token(self, bearer: str) -> Principal:
        token = self._tokens.get(_digest(bearer))
        user = self._users.get(token.user_id) if token else None
        if token is None or user is None:
            raise InvalidTokenError("the token is not valid, or was deleted")
        if token.expires_ms is not None and token.expires_ms <= self._clock.now_ms():
            raise InvalidTokenError("the token has expired")
        role = token.role if user.role.reaches(token.role) else user.role
        return Principal(user.id, user.username, role, token_id=token.id, kind=token.kind)


def _deed(action: Action, user: User | None, **told: object) -> Deed:
    return Deed(
        action=action,
        kind="user",
        subject=user.username if user else _UNKNOWN,
        subject_id=str(user.id) if user else "",
        changes={name: {"new": value} for name, value in told.items()},
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
