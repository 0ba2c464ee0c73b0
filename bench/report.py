"""How figures are printed."""


def head(title: str) -> None:
    print(f"\n{title}", flush=True)


def figure(what: str, measured: str, goal: str = "") -> None:
    """One line: what was measured, and the goal beside it."""
    print(f"  {what:<46} {measured:>22}" + (f"   goal {goal}" if goal else ""), flush=True)
