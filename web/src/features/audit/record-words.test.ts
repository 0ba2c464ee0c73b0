import i18next from "i18next";
import { expect, test } from "vitest";
import { fieldWords } from "@/components/field-words.ts";
import { actorWords, placeWords } from "./record-words.ts";

const zh = i18next.getFixedT("zh");

test("fields have names in the reader's language; one that is not known is called as the server has it", () => {
  expect(fieldWords("retention_days", zh)).toBe("保留天数");
  expect(fieldWords("fields.backup_folder", zh)).toBe(zh("configuration.folder"));
  expect(fieldWords("weather", zh)).toBe("weather");
});

test("the place tells the command line and the means in the reader's language, and addresses as they are", () => {
  expect(placeWords({ origin: "command line", via: "" }, zh)).toBe("命令行");
  expect(placeWords({ origin: "10.0.0.7", via: "token 4" }, zh)).toBe("10.0.0.7 · 令牌 4");
  expect(placeWords({ origin: "10.0.0.7", via: "session" }, zh)).toBe("10.0.0.7 · 会话");
});

test("the program itself is called so; a user of that name comes from somewhere", () => {
  expect(actorWords({ who: "system", origin: "" }, zh)).toBe("系统");
  expect(actorWords({ who: "system", origin: "10.0.0.7" }, zh)).toBe("system");
  expect(actorWords({ who: "", origin: "10.0.0.7" }, zh)).toBe("未知用户");
});
