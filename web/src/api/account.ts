import { send } from "./client.ts";
import { session } from "./session.ts";
import type { User } from "./types.ts";

type Change = Partial<Pick<User, "username" | "zone">> & { language?: "en" | "zh" | "ru" };

/** Change one's own account, and let the page know. Raises ApiError and UnreachableError. */
export async function changeMe(change: Change): Promise<User> {
  const { is_session: _, ...user } = await send("put", "/api/auth/me", change);
  session.know(user);
  return user;
}
