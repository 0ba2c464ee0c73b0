"""The only queries on accounts. Every change is one transaction; every answer is a plain record."""

from dataclasses import asdict

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from stripchart.catalog.account_tables import SessionRow, TokenRow, UserRow
from stripchart.catalog.errors import InUseError, NotFoundError
from stripchart.catalog.limits import check_name, check_username, check_zone, folded
from stripchart.catalog.transaction import Transactions, tell
from stripchart.model.account import ApiToken, NewToken, Role, Session, TokenId, TokenKind, User, UserId
from stripchart.model.audit import Deed
from stripchart.model.time import Clock

_OWNER = "owner"
_NO_ZONE = ""


class Accounts:
    """Users, their sessions and tokens. A change that raises CatalogError changed nothing."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock

    async def users(self) -> list[User]:
        """All of them, in the order they were added."""
        async with self._transactions.reading() as session:
            return [as_user(row) for row in await session.scalars(select(UserRow).order_by(UserRow.id))]

    async def credentials(self, username: str) -> tuple[User, bytes] | None:
        """The user of this name, capital letters making no difference, and the password's hash."""
        async with self._transactions.reading() as session:
            row = await session.scalar(select(UserRow).where(UserRow.username_key == folded(username)))
            return (as_user(row), row.password_hash) if row else None

    async def password_hash(self, user: UserId) -> bytes | None:
        """None when there is no such user."""
        async with self._transactions.reading() as session:
            return await session.scalar(select(UserRow.password_hash).where(UserRow.id == user))

    async def has_owner(self) -> bool:
        """Whether somebody owns the plant."""
        async with self._transactions.reading() as session:
            return bool(await session.scalar(select(exists().where(UserRow.owner_key == _OWNER))))

    async def add_user(self, username: str, password_hash: bytes, role: Role, language: str) -> User:
        """Raises InvalidValueError, DuplicateError (username), and InUseError for a second owner."""
        check_username(username)
        is_owner = role is Role.OWNER
        async with self._transactions.changing() as session:
            if is_owner and await session.scalar(select(exists().where(UserRow.owner_key == _OWNER))):
                raise InUseError("there is an owner already, and exactly one is allowed", "role")
            now_ms = self._clock.now_ms()
            row = UserRow(
                username=username,
                username_key=folded(username),
                password_hash=password_hash,
                role=role.value,
                owner_key=_OWNER if is_owner else None,
                language=language,
                zone=_NO_ZONE,
                created_ms=now_ms,
                updated_ms=now_ms,
            )
            session.add(row)
            await session.flush()
            return as_user(row)

    async def change_user(
        self, user: UserId, *, username: str | None = None, language: str | None = None, zone: str | None = None
    ) -> User:
        """New values; None leaves a field as it is, an empty zone is none.

        Raises NotFoundError, InvalidValueError and DuplicateError.
        """
        async with self._transactions.changing() as session:
            row = await _user_row(session, user)
            if username is not None:
                check_username(username)
                row.username, row.username_key = username, folded(username)
            if zone is not None:
                row.zone = check_zone(zone) if zone else _NO_ZONE
            row.language = language or row.language
            row.updated_ms = self._clock.now_ms()
            await session.flush()
            return as_user(row)

    async def delete_user(self, user: UserId) -> None:
        """Sessions and tokens go too. Raises NotFoundError, and InUseError for the owner."""
        async with self._transactions.changing() as session:
            row = await _user_row(session, user)
            if row.owner_key:
                raise InUseError("the owner cannot be deleted", "id")
            await session.delete(row)

    async def set_password(self, user: UserId, password_hash: bytes, *, keep_session: str | None) -> None:
        """Change it, and end all sessions of the user but this one. Raises NotFoundError."""
        async with self._transactions.changing() as session:
            row = await _user_row(session, user)
            row.password_hash, row.updated_ms = password_hash, self._clock.now_ms()
            others = delete(SessionRow).where(SessionRow.user_id == user, SessionRow.id != (keep_session or ""))
            await session.execute(others)

    async def sessions(self) -> list[Session]:
        """Those that have not expired; the others are forgotten."""
        async with self._transactions.changing() as session:
            await session.execute(delete(SessionRow).where(SessionRow.expires_ms <= self._clock.now_ms()))
            return [_as_session(row) for row in await session.scalars(select(SessionRow))]

    async def put_session(self, new: Session) -> None:
        """Add it, or replace the one of its id."""
        async with self._transactions.changing() as session:
            await session.merge(SessionRow(**asdict(new)))

    async def drop_session(self, session_id: str) -> None:
        """Forget it, if it is there."""
        async with self._transactions.changing() as session:
            await session.execute(delete(SessionRow).where(SessionRow.id == session_id))

    async def tokens(self) -> list[tuple[bytes, ApiToken]]:
        """All tokens with the SHA-256 of each."""
        async with self._transactions.reading() as session:
            return [(row.digest, _as_token(row)) for row in await session.scalars(select(TokenRow))]

    async def add_token(self, digest: bytes, new: NewToken) -> ApiToken:
        """Raises InvalidValueError (name)."""
        check_name(new.name)
        async with self._transactions.changing() as session:
            row = TokenRow(
                user_id=new.user_id,
                digest=digest,
                name=new.name,
                kind=new.kind.value,
                role=new.role.value,
                hint=new.hint,
                created_ms=self._clock.now_ms(),
                expires_ms=new.expires_ms,
            )
            session.add(row)
            await session.flush()
            return _as_token(row)

    async def drop_token(self, token: TokenId) -> None:
        """Forget it, if it is there."""
        async with self._transactions.changing() as session:
            row = await session.get(TokenRow, token)
            if row is not None:
                await session.delete(row)

    async def note(self, deed: Deed) -> None:
        """Put into the audit what changed no account."""
        async with self._transactions.changing() as session:
            tell(session, deed)


async def _user_row(session: AsyncSession, user: UserId) -> UserRow:
    row = await session.get(UserRow, user)
    if row is None:
        raise NotFoundError(f"there is no user {user}")
    return row


def as_user(row: UserRow) -> User:
    return User(
        id=UserId(row.id),
        username=row.username,
        role=Role(row.role),
        language=row.language,
        zone=row.zone,
        created_ms=row.created_ms,
        updated_ms=row.updated_ms,
    )


def _as_session(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        user_id=UserId(row.user_id),
        refresh_id=row.refresh_id,
        previous_id=row.previous_id,
        rotated_ms=row.rotated_ms,
        created_ms=row.created_ms,
        expires_ms=row.expires_ms,
        address=row.address,
        agent=row.agent,
    )


def _as_token(row: TokenRow) -> ApiToken:
    return ApiToken(
        id=TokenId(row.id),
        user_id=UserId(row.user_id),
        name=row.name,
        kind=TokenKind(row.kind),
        role=Role(row.role),
        hint=row.hint,
        created_ms=row.created_ms,
        expires_ms=row.expires_ms,
    )
