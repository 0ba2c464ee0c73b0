"""How figures are printed."""


def head(title: str) -> None:
    print(f"\n{title}", flush=True)


def figure(what: str, measured: str, goal: str = "", *others: str) -> None:
    """One line: what was measured, the goal beside it, or what others reach."""
    beside = "".join(f"{other:>18}" for other in others)
    print(f"  {what:<46} {measured:>22}{beside}" + (f"   goal {goal}" if goal else ""), flush=True)
