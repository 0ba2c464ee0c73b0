import "./app/page.css";
import "@mantine/core/styles.layer.css";
import "./app/touch.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { entranceOf, session } from "./api/session.ts";
import { createQueryClient, Providers } from "./app/providers.tsx";
import { createRouter, loadAhead } from "./app/router.tsx";
import { startI18n } from "./i18n/i18n.ts";
import { LiveStore } from "./live/live-store.ts";

// Who is there is asked at once, as nothing else can be asked before; the gate waits for the same answer.
session.start(entranceOf(location)).catch(() => undefined);
startI18n();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers queryClient={createQueryClient()} store={new LiveStore()}>
        <RouterProvider router={createRouter()} />
      </Providers>
    </StrictMode>,
  );
  loadAhead();
}
