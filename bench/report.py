"""How figures are printed."""


def head(title: str) -> None:
    print(f"\n{title}", flush=True)


def figure(what: str, measured: str, goal: str = "", *others: str) -> None:
    """One line: what was measured, the goal beside it, or what others reach."""
    columns = [f"{what:<46}", f"{measured:>21}", *(f"{other:>16}" for other in others)]
    # What is longer than its column moves the rest to the right: two blanks keep it apart.
    print("  " + "  ".join(columns) + (f"   goal {goal}" if goal else ""), flush=True)
