import { createTheme, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#eef3fd",
  "#dbe5fa",
  "#b5c9f4",
  "#8caaee",
  "#7198ee",
  "#3d6fdd",
  "#1f4fbf",
  "#1b46aa",
  "#173c93",
  "#122f75",
];

const FONTS =
  'Inter, "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 6, dark: 5 },
  colors: { ink },
  fontFamily: FONTS,
  headings: { fontFamily: FONTS, fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
});
