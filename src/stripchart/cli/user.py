"""`stripchart user`: make, list and remove users, and give a new password to one who lost it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from stripchart.cli.options import DataDir, Language
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from stripchart.catalog.accounts import Accounts
    from stripchart.model.account import User

user = typer.Typer(
    help="Make, list and remove users. A running server knows of it within seconds.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="User name; capital letters make no difference.")]
RoleName = Annotated[
    Literal["owner", "admin", "read_only"],
    typer.Option(help="owner: one person, everything. admin: devices and groups. read_only: sees everything."),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="File with the password in its first line, instead of asking."),
]
UserLanguage = Annotated[Language, typer.Option(help="Language of the page for this user.")]


@user.command()
def create(
    name: Name,
    role: RoleName = "read_only",
    language: UserLanguage = "en",
    password_file: PasswordFile = None,
    data_dir: DataDir = None,
) -> None:
    """Make a user. The password is asked for twice.

    [bold]Examples[/]
      stripchart user create olga --role owner
      stripchart user create wall --password-file /run/secrets/wall
    """
    from stripchart.auth.passwords import check_password, hashed
    from stripchart.model.account import Role

    async def make() -> "User":
        async with _accounts(data_dir) as accounts:
            return await accounts.add_user(name, await hashed(password), Role(role), language)

    password = _password(password_file)
    check_password(password, name)
    made = asyncio.run(make())
    output().print(f"user {made.username} ({made.role}) is made")


@user.command("list")
def list_users(data_dir: DataDir = None) -> None:
    """List the users and their roles."""
    from stripchart.model.time import to_iso

    async def ask() -> "list[User]":
        async with _accounts(data_dir) as accounts:
            return await accounts.users()

    table = Table("user", "role", "language", "since")
    for each in asyncio.run(ask()):
        table.add_row(each.username, each.role, each.language, to_iso(each.created_ms)[:10])
    output().print(table)


@user.command()
def passwd(name: Name, password_file: PasswordFile = None, data_dir: DataDir = None) -> None:
    """Give a user a new password; all sessions of the user end.

    [bold]Example[/]
      stripchart user passwd olga
    """
    from stripchart.auth.passwords import check_password, hashed

    async def change() -> None:
        async with _accounts(data_dir) as accounts:
            found = await _found(accounts, name)
            await accounts.set_password(found.id, await hashed(password), keep_session=None)

    password = _password(password_file)
    check_password(password, name)
    asyncio.run(change())
    output().print(f"user {name} has a new password")


@user.command()
def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Remove a user; sessions and tokens of the user end. The owner cannot be removed."""

    async def remove() -> None:
        async with _accounts(data_dir) as accounts:
            await accounts.delete_user((await _found(accounts, name)).id)

    if not yes:
        typer.confirm(f"Remove user {name}?", abort=True)
    asyncio.run(remove())
    output().print(f"user {name} is removed")


def add_to(app: typer.Typer) -> None:
    app.add_typer(user, name="user")


@contextlib.asynccontextmanager
async def _accounts(data_dir: Path | None) -> "AsyncIterator[Accounts]":
    from stripchart.catalog.repository import open_catalog
    from stripchart.cli.configuration import settings_from

    async with open_catalog(settings_from(data_dir=data_dir).catalog_url) as catalog:
        yield catalog.accounts


async def _found(accounts: "Accounts", name: str) -> "User":
    from stripchart.cli.failure import CommandError

    found = await accounts.credentials(name)
    if found is None:
        raise CommandError(f"there is no user {name}; stripchart user list names them")
    return found[0]


def _password(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").split("\n", 1)[0]
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
