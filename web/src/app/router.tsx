import { createBrowserRouter, type RouteObject } from "react-router";
import { DevicePage } from "@/features/device/device-page.tsx";
import { OverviewPage } from "@/features/overview/overview-page.tsx";
import { CrashPage } from "./crash-page.tsx";
import { Layout } from "./layout.tsx";
import { LoadingPage } from "./loading-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";

async function loadTrends() {
  const { TrendsPage } = await import("@/features/trends/trends-page.tsx");
  return { Component: TrendsPage };
}

async function loadAccount() {
  const { AccountPage } = await import("@/features/account/account-page.tsx");
  return { Component: AccountPage };
}

async function loadUsers() {
  const { UsersPage } = await import("@/features/users/users-page.tsx");
  return { Component: UsersPage };
}

async function loadSites() {
  const { SitesPage } = await import("@/features/plant/sites-page.tsx");
  return { Component: SitesPage };
}

export const routes: RouteObject[] = [
  {
    element: <Layout />,
    children: [
      {
        errorElement: <CrashPage />,
        children: [
          { index: true, element: <OverviewPage /> },
          { path: "devices/:deviceId", element: <DevicePage /> },
          { path: "trends", lazy: loadTrends, HydrateFallback: LoadingPage },
          { path: "account", lazy: loadAccount, HydrateFallback: LoadingPage },
          { path: "users", lazy: loadUsers, HydrateFallback: LoadingPage },
          { path: "sites", lazy: loadSites, HydrateFallback: LoadingPage },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes);
