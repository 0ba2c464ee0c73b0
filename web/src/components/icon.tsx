/** Line drawings on a 24 x 24 grid; each name is used somewhere, and none carries a meaning without a word beside it. */
const DRAWINGS = {
  genset: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM7.5 12.5c1.5-3.6 3-3.6 4.5-.5s3 3.1 4.5-.5",
  mains: "M12 3 8 21M12 3l4 18M6 8h12M7 13h10M9.5 17l5-8M14.5 17l-5-8",
  relay: "M12 3l7 3v5c0 4.6-2.9 8-7 10-4.1-2-7-5.4-7-10V6zM12.5 7.5 9.5 12h5l-3 4.5",
  controller: "M7 7h10v10H7zM10 7V4M14 7V4M10 20v-3M14 20v-3M7 10H4M7 14H4M20 10h-3M20 14h-3",
  sensor: "M10 13.5V5a2 2 0 0 1 4 0v8.5a4 4 0 1 1-4 0zM12 9v7",
  meter: "M4 16a8 8 0 1 1 16 0M12 16l3.5-5M4 19h16",
  inverter: "M4 5h16v14H4zM7 9h5M7 12h5M13 16c.8-2 1.6-2 2.3 0s1.5 2 2.3 0",
  account: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5",
  device: "M5 5h14v14H5zM9 9h6v6H9z",
  online: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.2l2.8 2.8L16.2 9.5",
  offline: "M3 12h6M15 12h6M9 6.5v11M15 6.5v11",
  error: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.01",
  warning: "M12 2.8 21.2 12 12 21.2 2.8 12zM12 7.8v5M12 16v.01",
  critical: "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5V13M12 16.3v.01",
  bell: "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 2H5zM10 18.5a2 2 0 0 0 4 0M12 3.5v2",
  unknown: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.3 2.4c-.5.2-.8.6-.8 1.1v.7M12 16.5v.01",
  uncertain: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.2l3.3 2",
  bad: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12",
  good: "M5 12.5l4.5 4.5L19 7.5",
  live: "M3 13h3.5l2.5-7 5 13 2.7-8 1.3 2h3",
  reconnecting: "M20 12a8 8 0 0 1-14 5.3M4 12a8 8 0 0 1 14-5.3M18.5 3v4h-4M5.5 21v-4h4",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5",
  language: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  contrast: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8h6.6M12 12h8.8M12 16h6.6",
  system: "M3 5h18v11H3zM9 20h6M12 16v4",
  trend: "M4 4v16h16M7 15l4-5 3 3 5-7",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  up: "M6 14.5l6-6 6 6",
  down: "M6 9.5l6 6 6-6",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  layers: "M12 4 3 9l9 5 9-5zM4 14l8 4.5 8-4.5",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14",
  empty: "M4 13l3-8h10l3 8v6H4zM4 13h5a3 3 0 0 0 6 0h5",
} as const;

export type IconName = keyof typeof DRAWINGS;

/** Decoration only: the word beside it is what a screen reader says. As large as letters that are `size` px usually. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  const side = `${size / 16}rem`;
  return (
    <svg
      aria-hidden="true"
      fill="none"
      focusable="false"
      height={side}
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth={1.7}
      style={{ flex: "none", display: "block" }}
      viewBox="0 0 24 24"
      width={side}
    >
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
