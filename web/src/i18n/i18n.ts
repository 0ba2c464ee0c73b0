import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import ru from "./ru.json";
import zh from "./zh.json";

export const LANGUAGES = { en: "English", zh: "中文", ru: "Русский" } as const;
export type Language = keyof typeof LANGUAGES;

const STORAGE_KEY = "stripchart-language";

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text);
}

/** The language chosen before, else the first of the browser's that we speak, else English. */
export function firstLanguage(stored: string | null, wanted: readonly string[]): Language {
  const codes = [stored ?? "", ...wanted.map((tag) => tag.slice(0, 2).toLowerCase())];
  return codes.find(isLanguage) ?? "en";
}

function storedLanguage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function settle(language: string) {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
}

/** Ready when it returns: the three languages are part of the page, so nothing is loaded. */
export function startI18n(language = firstLanguage(storedLanguage(), navigator.languages)) {
  i18next.on("languageChanged", settle);
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en }, zh: { translation: zh }, ru: { translation: ru } },
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  });
  settle(language);
}

export function chooseLanguage(language: Language) {
  void i18next.changeLanguage(language);
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
