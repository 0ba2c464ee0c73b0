"""`stripchart write`: write a point of a device, or do a command, and see whether it was obeyed."""

from typing import Annotated

import typer

from stripchart.cli.options import ProfilesDir
from stripchart.cli.read import Address, ProfileKey

Key = Annotated[str, typer.Argument(help="Key of a writable point or of a command.", show_default=False)]
NewValue = Annotated[
    str | None, typer.Argument(help="Value to write: a number, a label, true or false; omit it for a command.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]


def write(
    address: Address,
    key: Key,
    profile: ProfileKey,
    value: NewValue = None,
    yes: Yes = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    """Write a setpoint or run a command on a device, and read it back.

    Only points and commands that the profile allows, within its limits. The value is read before and after; the \
exit code is 0 only when the device shows the new value.

    [bold]Examples[/]
      stripchart write tcp://192.168.1.10/1 --profile smartgen-hgm9560 set_p_pct 80
      stripchart write tcp://127.0.0.1:15021/1 --profile smartgen-hgm9520n manual --yes
      stripchart write tcp://192.168.1.30/1 --profile temco-t3 var1_manual Manual
    """
    import uvloop

    from stripchart.cli.failure import CommandError
    from stripchart.cli.logs import configure_logs
    from stripchart.cli.terminal import output
    from stripchart.cli.writing import Wish, with_writer
    from stripchart.model.device import parse_unit
    from stripchart.profiles.library import ProfileLibrary

    configure_logs("error")
    link, unit_id = parse_unit(address)
    chosen = ProfileLibrary(profiles_dir).get(profile)
    wish = Wish(chosen, key, value)
    if not yes:
        old = uvloop.run(with_writer(link, unit_id, chosen, wish.look))
        typer.confirm(wish.question(old), abort=True)
    written = uvloop.run(with_writer(link, unit_id, chosen, wish.do))
    output().print(wish.account(written), markup=False, highlight=False, soft_wrap=True)
    if written.result != "verified":
        raise CommandError(f"{key}: {written.message}" if written.message else f"{key}: {written.result}")


def add_to(app: typer.Typer) -> None:
    # So that a negative number is a value and no option.
    app.command(context_settings={"ignore_unknown_options": True})(write)
