import type { ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";
import { DevicePage } from "@/features/device/device-page.tsx";
import { OverviewPage } from "@/features/overview/overview-page.tsx";
import { CrashPage } from "./crash-page.tsx";
import { Layout } from "./layout.tsx";
import { LoadingPage } from "./loading-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { SettingsLayout } from "./settings-layout.tsx";
import { WallLayout } from "./wall-layout.tsx";

type LazyPage = readonly [path: string, load: () => Promise<ComponentType>];

const loadTrends = async () => (await import("@/features/trends/trends-page.tsx")).TrendsPage;

/** Pages that come when they are asked for; the overview and the device come with the first load. */
const LAZY: readonly LazyPage[] = [
  ["trends", loadTrends],
  ["notifications", async () => (await import("@/features/notifications/notifications-page.tsx")).NotificationsPage],
  ["devices/new", async () => (await import("@/features/plant/new-device-page.tsx")).NewDevicePage],
  ["devices/:deviceId/edit", async () => (await import("@/features/plant/edit-device-page.tsx")).EditDevicePage],
];

const SETTINGS: readonly LazyPage[] = [
  ["account", async () => (await import("@/features/account/account-page.tsx")).AccountPage],
  ["users", async () => (await import("@/features/users/users-page.tsx")).UsersPage],
  ["sites", async () => (await import("@/features/plant/sites-page.tsx")).SitesPage],
  ["groups", async () => (await import("@/features/groups/groups-page.tsx")).GroupsPage],
  ["trend-logs", async () => (await import("@/features/trend-logs/trend-logs-page.tsx")).TrendLogsPage],
  ["profiles", async () => (await import("@/features/profiles/profiles-page.tsx")).ProfilesPage],
  ["profiles/new", async () => (await import("@/features/profiles/new-profile-page.tsx")).NewProfilePage],
  ["profiles/:key", async () => (await import("@/features/profiles/profile-page.tsx")).ProfilePage],
  ["audit", async () => (await import("@/features/audit/audit-page.tsx")).AuditPage],
  ["configuration", async () => (await import("@/features/system/configuration-page.tsx")).ConfigurationPage],
  ["backups", async () => (await import("@/features/system/backups-page.tsx")).BackupsPage],
  ["health", async () => (await import("@/features/system/health-page.tsx")).HealthPage],
];

function lazy([path, load]: LazyPage): RouteObject {
  return { path, lazy: async () => ({ Component: await load() }), HydrateFallback: LoadingPage };
}

export const routes: RouteObject[] = [
  {
    element: <WallLayout />,
    errorElement: <CrashPage isAlone />,
    children: [lazy(["wall", async () => (await import("@/features/overview/wall-page.tsx")).WallPage])],
  },
  {
    element: <Layout />,
    children: [
      {
        errorElement: <CrashPage />,
        children: [
          { index: true, element: <OverviewPage /> },
          { path: "devices/:deviceId", element: <DevicePage /> },
          ...LAZY.map(lazy),
          { element: <SettingsLayout />, children: SETTINGS.map(lazy) },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];

const AHEAD_AFTER_MS = 2000;

/** The page that is opened most is there before it is asked for; what is looked at now comes first. */
export function loadAhead() {
  setTimeout(() => void loadTrends(), AHEAD_AFTER_MS);
}

export const createRouter = () => createBrowserRouter(routes);
