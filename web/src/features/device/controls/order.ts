import type { OrderResult } from "@/api/types.ts";

/** What the device is told: a command, or a value for a point. */
export interface Order {
  readonly key: string;
  /** What it is called, in the language of the page. */
  readonly name: string;
  readonly value?: number | string | boolean;
}

export type GiveOrder = (order: Order) => Promise<OrderResult>;
