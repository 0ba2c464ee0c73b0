import { ApiError, errorOf, UnreachableError } from "./errors.ts";
import type { SignedIn, User } from "./types.ts";

/** `starting`: not known yet; `new`: nobody owns this server yet. */
export type SessionState = "starting" | "new" | "signed_out" | "signed_in";

type Listener = () => void;

/** What the address says after its #, used once: a link that the server printed. */
export interface Entrance {
  readonly path: string;
  readonly secret: string;
}

export function entranceOf({ pathname, hash }: { pathname: string; hash: string }): Entrance {
  return { path: pathname, secret: hash.slice(1) };
}

/** A refused old password says nothing about the token; asking twice would count as two attempts. */
async function isAboutPassword(response: Response): Promise<boolean> {
  return (await errorOf(response.clone())).code === "wrong_credentials";
}

/**
 * Who looks at the page. The access token lives in memory alone; the refresh token is in a cookie that no script
 * sees, and brings a new access token when the page is loaded and whenever the old one has expired.
 */
export class Session {
  #state: SessionState = "starting";
  #user: User | null = null;
  #token: string | null = null;
  #renewing: Promise<boolean> | null = null;
  #starting: Promise<void> | null = null;
  readonly #listeners = new Set<Listener>();

  state = () => this.#state;
  user = () => this.#user;

  subscribe = (listener: Listener) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Find out who is there: by a link's secret, else by the cookie. One at a time. Raises UnreachableError. */
  start(entrance: Entrance): Promise<void> {
    this.#starting ??= this.#start(entrance).finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start(entrance: Entrance): Promise<void> {
    if (entrance.path === "/welcome" && (await this.#follow(entrance.secret))) return;
    if (entrance.path === "/wall" && entrance.secret && (await this.#show(entrance.secret))) return;
    if (await this.#renew()) return;
    const { needed } = (await this.#json("/api/auth/setup")) as { needed: boolean };
    this.#become(needed ? "new" : "signed_out");
  }

  /** Raises ApiError and UnreachableError. */
  async signIn(username: string, password: string): Promise<void> {
    this.#enter((await this.#json("/api/auth/login", { username, password })) as SignedIn);
  }

  /** Make the owner. Raises ApiError and UnreachableError. */
  async setUp(secret: string, username: string, password: string, language: string): Promise<void> {
    this.#enter((await this.#json("/api/auth/setup", { secret, username, password, language })) as SignedIn);
  }

  /** From here on nobody is signed in, whether or not the server heard of it. */
  async signOut(): Promise<void> {
    await this.fetch("/api/auth/logout", { method: "POST" }).catch(() => null);
    this.#leave();
  }

  /** As the browser's fetch, with the token; a token that has expired is renewed. Raises UnreachableError. */
  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const used = this.#token;
    const response = await this.#send(url, init);
    if (response.status !== 401 || used === null || (await isAboutPassword(response))) return response;
    const isRenewed = this.#token !== used || (await this.#renew());
    if (isRenewed) return this.#send(url, init);
    this.#leave();
    return response;
  };

  /** What is known of who is signed in has changed. */
  know(user: User) {
    if (this.#state !== "signed_in") return;
    this.#user = user;
    this.#become("signed_in");
  }

  /** Begin with somebody who is signed in already, or as a page that was just loaded: for tests. */
  restart(done: SignedIn | null) {
    if (done) this.#enter(done);
    else this.#leave("starting");
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has("Accept")) headers.set("Accept", "application/json");
    if (this.#token !== null) headers.set("Authorization", `Bearer ${this.#token}`);
    try {
      return await fetch(url, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new UnreachableError(error);
    }
  }

  async #json(path: string, body?: object): Promise<unknown> {
    const sent = body && {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    };
    const response = await this.#send(path, sent ?? {});
    if (!response.ok) throw await errorOf(response);
    return response.json();
  }

  /** One at a time: two requests that meet an expired token ask for one new one. */
  #renew(): Promise<boolean> {
    this.#renewing ??= this.#tryToEnter("/api/auth/refresh").finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** As a screen on a wall, with the token that its address holds: for as long as that is good. */
  async #show(token: string): Promise<boolean> {
    this.#token = token;
    const response = await this.#send("/api/auth/me", {});
    if (response.ok) {
      this.#user = (await response.json()) as User;
      this.#become("signed_in");
      return true;
    }
    this.#token = null;
    if (response.status >= 500) throw await errorOf(response);
    return false;
  }

  #follow(secret: string): Promise<boolean> {
    return this.#tryToEnter("/api/auth/link", { secret });
  }

  async #tryToEnter(path: string, body?: object): Promise<boolean> {
    try {
      const response = await this.#send(path, {
        method: "POST",
        ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
      });
      if (!response.ok) throw await errorOf(response);
      this.#enter((await response.json()) as SignedIn);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return false;
      throw error;
    }
  }

  #enter(done: SignedIn) {
    this.#token = done.access_token;
    this.#user = done.user;
    this.#become("signed_in");
  }

  #leave(state: SessionState = "signed_out") {
    this.#token = null;
    this.#user = null;
    this.#renewing = null;
    this.#starting = null;
    this.#become(state);
  }

  #become(state: SessionState) {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The one session of this page. */
export const session = new Session();
