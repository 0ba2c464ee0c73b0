import { Loader } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { entranceOf, session } from "@/api/session.ts";
import { useSessionState } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { Logo } from "@/components/logo.tsx";
import { SetUpPage } from "@/features/sign-in/set-up-page.tsx";
import { SignInPage } from "@/features/sign-in/sign-in-page.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./gate.module.css";
import { LanguageMenu } from "./language-menu.tsx";
import { SchemeMenu } from "./scheme-menu.tsx";

const RETRY_AFTER_MS = 5000;
const ENTRANCES = ["/welcome", "/setup"];

function useStart() {
  const { pathname, hash } = useLocation();
  const navigate = useNavigate();
  const state = useSessionState();
  const [failure, setFailure] = useState<Error | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [entrance] = useState(() => entranceOf({ pathname, hash }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt is a wish to start again
  useEffect(() => {
    if (session.state() === "starting") session.start(entrance).catch(setFailure);
  }, [entrance, attempt]);

  useEffect(() => {
    // The secret is used up; it need not stay in the address, nor in the history of the browser.
    if (state === "signed_in" && ENTRANCES.includes(pathname)) void navigate("/", { replace: true });
  }, [state, pathname, navigate]);

  const queries = useQueryClient();
  useEffect(() => {
    // What one user saw is not for the next.
    if (state === "signed_out") queries.clear();
  }, [state, queries]);

  const retry = () => {
    setFailure(null);
    setAttempt((count) => count + 1);
  };
  useEffect(() => {
    if (!failure) return;
    // Nobody stands before a screen on a wall to press a button when the server is there again.
    const timer = setTimeout(() => {
      setFailure(null);
      setAttempt((count) => count + 1);
    }, RETRY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [failure]);
  return { state, failure, retry, secret: entrance.path === "/setup" ? entrance.secret : "" };
}

/** Lets those in who are signed in; the others sign in here, and find the page they wanted. */
export function Gate({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const { state, failure, retry, secret } = useStart();
  const tools = (
    <>
      <LanguageMenu />
      <SchemeMenu />
    </>
  );
  if (state === "signed_in") return children;
  if (state === "new") return <SetUpPage secret={secret} tools={tools} />;
  if (state === "signed_out") return <SignInPage tools={tools} />;
  if (failure) return <Failed error={failure} retry={retry} />;
  return (
    <>
      <header className="start-bar">
        <Logo />
        <span>Stripchart</span>
      </header>
      <main className={styles.wait}>
        <Loader aria-label={t("sign_in.starting")} />
      </main>
    </>
  );
}
