import { expect, test } from "vitest";
import en from "./en.json";
import { firstLanguage } from "./i18n.ts";
import ru from "./ru.json";
import zh from "./zh.json";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const stem = (key: string) => key.replace(PLURAL, "");
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
const english = new Map(flat(en));

test.each([
  ["zh", zh],
  ["ru", ru],
])("%s says everything that English says, and nothing else", (_, tree) => {
  const keys = new Set(flat(tree).map(([key]) => stem(key)));
  expect([...keys].sort()).toEqual([...new Set([...english.keys()].map(stem))].sort());
});

test.each([
  ["en", en],
  ["zh", zh],
  ["ru", ru],
])("%s has no empty text, and the same blanks to fill", (_, tree) => {
  for (const [key, text] of flat(tree)) {
    expect(text.trim(), key).not.toBe("");
    const original = english.get(key) ?? english.get(`${stem(key)}_other`) ?? "";
    expect(placeholders(text), key).toEqual(placeholders(original));
  }
});

test.each([
  ["en", en],
  ["zh", zh],
  ["ru", ru],
])("%s has every plural form of the language", (language, tree) => {
  const entries = flat(tree);
  const stems = new Set(entries.filter(([key]) => PLURAL.test(key)).map(([key]) => stem(key)));
  const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  for (const one of stems) {
    const forms = entries
      .filter(([key]) => PLURAL.test(key) && stem(key) === one)
      .map(([key]) => key.split("_").at(-1));
    expect([...forms].sort(), one).toEqual([...wanted].sort());
  }
});

test("the language chosen before wins, then the browser's, then English", () => {
  expect(firstLanguage("ru", ["zh-CN"])).toBe("ru");
  expect(firstLanguage(null, ["de-DE", "zh-Hant-TW"])).toBe("zh");
  expect(firstLanguage("xx", ["de"])).toBe("en");
});
