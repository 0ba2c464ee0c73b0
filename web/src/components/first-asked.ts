interface Asked {
  readonly isPending: boolean;
  readonly failureCount: number;
}

/** Whether the first answer is still on its way: a page that can do without it waits for that, not for more tries. */
export function isFirstAsked({ isPending, failureCount }: Asked): boolean {
  return isPending && failureCount === 0;
}
