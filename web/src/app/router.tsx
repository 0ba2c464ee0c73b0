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

async function loadNotifications() {
  const { NotificationsPage } = await import("@/features/notifications/notifications-page.tsx");
  return { Component: NotificationsPage };
}

async function loadUsers() {
  const { UsersPage } = await import("@/features/users/users-page.tsx");
  return { Component: UsersPage };
}

async function loadSites() {
  const { SitesPage } = await import("@/features/plant/sites-page.tsx");
  return { Component: SitesPage };
}

async function loadNewDevice() {
  const { NewDevicePage } = await import("@/features/plant/new-device-page.tsx");
  return { Component: NewDevicePage };
}

async function loadEditDevice() {
  const { EditDevicePage } = await import("@/features/plant/edit-device-page.tsx");
  return { Component: EditDevicePage };
}

export const routes: RouteObject[] = [
  {
    element: <Layout />,
    children: [
      {
        errorElement: <CrashPage />,
        children: [
          { index: true, element: <OverviewPage /> },
          { path: "devices/new", lazy: loadNewDevice, HydrateFallback: LoadingPage },
          { path: "devices/:deviceId/edit", lazy: loadEditDevice, HydrateFallback: LoadingPage },
          { path: "devices/:deviceId", element: <DevicePage /> },
          { path: "trends", lazy: loadTrends, HydrateFallback: LoadingPage },
          { path: "account", lazy: loadAccount, HydrateFallback: LoadingPage },
          { path: "notifications", lazy: loadNotifications, HydrateFallback: LoadingPage },
          { path: "users", lazy: loadUsers, HydrateFallback: LoadingPage },
          { path: "sites", lazy: loadSites, HydrateFallback: LoadingPage },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];

/** The page that is opened most has been loaded by then. */
export function loadAhead() {
  const later = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 2000));
  later(() => void loadTrends());
}

export const createRouter = () => createBrowserRouter(routes);
