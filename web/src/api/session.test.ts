import { afterEach, expect, test, vi } from "vitest";
import { ApiError, UnreachableError } from "./errors.ts";
import { Session } from "./session.ts";

const USER = { user_id: 1, username: "olga", role: "owner", language: "en", zone: "UTC" };

interface Asked {
  url: string;
  token: string | null;
  body: unknown;
}

/** A server that answers in turn; each answer is a status and a body. */
function serverAnswering(...answers: (readonly [number, unknown] | "unreachable")[]) {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const body = typeof init.body === "string" ? JSON.parse(init.body) : null;
    asked.push({ url, token: headers.get("Authorization"), body });
    const answer = answers.shift();
    if (!answer || answer === "unreachable") return Promise.reject(new TypeError("fetch failed"));
    return Promise.resolve(
      new Response(answer[1] === null ? null : JSON.stringify(answer[1]), { status: answer[0] }),
    );
  });
  return asked;
}

const signedIn = (token: string) =>
  [200, { access_token: token, token_type: "bearer", refresh_token: null, user: USER }] as const;
const refused = (status: number, code: string) => [status, { error: { code, message: code, fields: [] } }] as const;
const NOWHERE = { path: "/", secret: "" };

afterEach(() => vi.unstubAllGlobals());

test("a page that is loaded again is signed in by its cookie", async () => {
  const asked = serverAnswering(signedIn("one"));
  const session = new Session();
  await session.start(NOWHERE);
  expect([session.state(), session.user()?.username]).toEqual(["signed_in", "olga"]);
  expect(asked.map((each) => each.url)).toEqual(["/api/auth/refresh"]);
});

test("who starts it while it starts waits for the same answer", async () => {
  const asked = serverAnswering(signedIn("one"));
  const session = new Session();
  await Promise.all([session.start(NOWHERE), session.start(NOWHERE)]);
  expect(asked).toHaveLength(1);
});

test("a start that failed can be tried again", async () => {
  serverAnswering("unreachable", signedIn("one"));
  const session = new Session();
  await expect(session.start(NOWHERE)).rejects.toThrow(UnreachableError);
  await session.start(NOWHERE);
  expect(session.state()).toBe("signed_in");
});

test("without a cookie somebody has to sign in", async () => {
  serverAnswering(refused(401, "invalid_token"), [200, { needed: false }]);
  const session = new Session();
  await session.start(NOWHERE);
  expect(session.state()).toBe("signed_out");
});

test("a server that nobody owns says so", async () => {
  serverAnswering(refused(401, "invalid_token"), [200, { needed: true }]);
  const session = new Session();
  await session.start(NOWHERE);
  expect(session.state()).toBe("new");
});

test("a link of a demo signs in; a used one leads to the cookie", async () => {
  const asked = serverAnswering(signedIn("one"));
  await new Session().start({ path: "/welcome", secret: "abc" });
  expect(asked[0]).toMatchObject({ url: "/api/auth/link", body: { secret: "abc" } });
  const again = serverAnswering(refused(401, "invalid_link"), signedIn("one"));
  await new Session().start({ path: "/welcome", secret: "abc" });
  expect(again.map((each) => each.url)).toEqual(["/api/auth/link", "/api/auth/refresh"]);
});

test("a server that is away is no reason to sign in", async () => {
  serverAnswering("unreachable");
  const session = new Session();
  await expect(session.start(NOWHERE)).rejects.toBeInstanceOf(UnreachableError);
  expect(session.state()).toBe("starting");
});

test("requests carry the token, and an expired one is renewed once for all", async () => {
  serverAnswering(signedIn("one"));
  const session = new Session();
  await session.signIn("olga", "secret");
  const asked = serverAnswering(refused(401, "x"), refused(401, "x"), signedIn("two"), [200, 1], [200, 2]);
  const answers = await Promise.all([session.fetch("/api/sites"), session.fetch("/api/devices")]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  expect(asked.map((each) => each.url)).toEqual([
    "/api/sites",
    "/api/devices",
    "/api/auth/refresh",
    "/api/sites",
    "/api/devices",
  ]);
  expect(asked.map((each) => each.token).slice(-2)).toEqual(["Bearer two", "Bearer two"]);
});

test("a session that was ended elsewhere leads to signing in", async () => {
  serverAnswering(signedIn("one"));
  const session = new Session();
  await session.signIn("olga", "secret");
  serverAnswering(refused(401, "invalid_token"), refused(401, "invalid_token"));
  expect((await session.fetch("/api/sites")).status).toBe(401);
  expect([session.state(), session.user()]).toEqual(["signed_out", null]);
});

test("a wrong password is told, and changes nothing", async () => {
  serverAnswering(refused(401, "wrong_credentials"));
  const session = new Session();
  await expect(session.signIn("olga", "wrong")).rejects.toBeInstanceOf(ApiError);
  expect(session.state()).toBe("starting");
});

test("signing out is final, even when the server does not hear of it", async () => {
  serverAnswering(signedIn("one"));
  const session = new Session();
  await session.signIn("olga", "secret");
  serverAnswering("unreachable");
  await session.signOut();
  expect(session.state()).toBe("signed_out");
});
