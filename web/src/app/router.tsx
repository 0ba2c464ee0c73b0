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
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes);
