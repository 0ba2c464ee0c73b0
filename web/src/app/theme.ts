import { createTheme, InputWrapper, type MantineColorsTuple, Menu } from "@mantine/core";

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

// Shades 0-3 are words, 4-5 lines, 6 a raised surface, 7-9 what lies below it.
const dark: MantineColorsTuple = [
  "#e8ecf0",
  "#c3cbd3",
  "#98a4b0",
  "#98a4b0",
  "#3a434e",
  "#262d35",
  "#161b21",
  "#12171c",
  "#0e1216",
  "#0a0d10",
];

const FONTS =
  'Inter, "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

// The list of choices scrolls itself: a frame within it would be a place to scroll that no key reaches. The parts are
// named here, not imported: they come with the pages that have them.
const CHOICES = { defaultProps: { withScrollArea: false } };
// The head of a dialog is not that of the page.
const MODAL = { defaultProps: { attributes: { header: { role: "none" } } } };

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 6, dark: 5 },
  colors: { ink, dark },
  fontFamily: FONTS,
  headings: { fontFamily: FONTS, fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  // What is said of a field stands below it, so that fields beside each other stay in line.
  components: {
    // An empty place for the focus is no item of a menu; the first item takes it.
    Modal: MODAL,
    Select: CHOICES,
    MultiSelect: CHOICES,
    Autocomplete: CHOICES,
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    InputWrapper: InputWrapper.extend({
      defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] },
    }),
  },
});
