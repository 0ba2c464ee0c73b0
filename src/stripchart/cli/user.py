"""`stripchart user`: make, list and remove users, and give a new password to one who lost it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stripchart.cli.options import DataDir, Language
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from stripchart.catalog.accounts import Accounts
    from stripchart.model.account import User

user = typer.Typer(
    help="Create, list and delete users, and reset passwords. A running server picks up changes within seconds.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="User name; not case-sensitive.")]
RoleName = Annotated[
    Literal["owner", "admin", "read_only"],
    typer.Option(
        help="owner: everything, exactly one. admin: devices and groups. read_only: view values and history."
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="File whose first line is the password, instead of prompting."),
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
    """Create a user; prompts for the password.

    [bold]Examples[/]
      stripchart user create olga --role owner
      stripchart user create wall --password-file /run/secrets/wall
    """
    import asyncio

    from stripchart.auth.passwords import check_password, hashed
    from stripchart.model.account import Role

    async def make() -> "User":
        async with _accounts(data_dir) as accounts:
            return await accounts.add_user(name, await hashed(password), Role(role), language)

    password = _password(password_file)
    check_password(password, name)
    made = asyncio.run(make())
    output().print(f"user {made.username} ({made.role}) created")


@user.command("list")
def list_users(data_dir: DataDir = None) -> None:
    """List users and their roles.

    [bold]Example[/]
      stripchart user list
    """
    import asyncio

    from rich.table import Table

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
    """Set a new password for a user; ends all their sessions.

    [bold]Example[/]
      stripchart user passwd olga
    """
    import asyncio

    from stripchart.auth.passwords import check_password, hashed

    async def change() -> None:
        async with _accounts(data_dir) as accounts:
            found = await _found(accounts, name)
            await accounts.set_password(found.id, await hashed(password), keep_session=None)

    password = _password(password_file)
    check_password(password, name)
    asyncio.run(change())
    output().print(f"password of user {name} changed")


@user.command()
def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a user, with all their sessions and tokens. The owner cannot be deleted.

    [bold]Example[/]
      stripchart user delete anna
    """
    import asyncio

    async def remove() -> None:
        async with _accounts(data_dir) as accounts:
            await accounts.delete_user((await _found(accounts, name)).id)

    if not yes:
        typer.confirm(f"Delete user {name}?", abort=True)
    asyncio.run(remove())
    output().print(f"user {name} deleted")


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
        raise CommandError(f"no user {name}; stripchart user list shows them")
    return found[0]


def _password(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").split("\n", 1)[0]
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
