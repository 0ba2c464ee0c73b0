import type { Notification } from "@/api/types.ts";
import { type Caused, causeWords } from "@/components/cause-words.ts";
import type { Words } from "@/i18n/use-words.ts";

interface NotificationWords {
  title: string;
  text: string;
}

type Facts = Notification["metadata"];

/** A measurement that is written with as many digits as it has. */
const PLAIN = { type: "float64", decimals: null, labels: {}, bits: {} };

/** Why it fails; its facts have names that begin with `cause_`. When it was to be tried again is of no use later. */
function causeOf(facts: Facts): Caused | null {
  const code = facts["cause_code"];
  if (typeof code !== "string") return null;
  const own = Object.entries(facts).filter(([name]) => name.startsWith("cause_") && name !== "cause_wait_s");
  return { code, facts: Object.fromEntries(own.map(([name, fact]) => [name.slice("cause_".length), fact])) };
}

function goneWords(facts: Facts, words: Words, zone: string): NotificationWords {
  const { t, moment } = words;
  const device = String(facts["device_name"]);
  const last = facts["last_reading_at"];
  const lastWords =
    typeof last === "string"
      ? t("notifications.last_reading", { time: moment(Date.parse(last), zone) })
      : t("notifications.no_reading");
  const cause = causeWords(causeOf(facts), words);
  const attempts = t(cause === undefined ? "notifications.gone_text" : "notifications.gone_cause", {
    attempts: facts["consecutive_failures"],
    cause,
  });
  const title = facts["status"] === "error" ? "notifications.refuses_title" : "notifications.gone_title";
  return { title: t(title, { device }), text: `${attempts} ${lastWords}` };
}

function backWords(facts: Facts, { t, span }: Words): NotificationWords {
  const seconds = Number(facts["downtime_duration_seconds"]);
  return {
    title: t("notifications.back_title", { device: String(facts["device_name"]) }),
    text: t("notifications.back_text", { span: span(1000 * Math.round(seconds)) }),
  };
}

function criticalWords(facts: Facts, { t, language, line }: Words): NotificationWords {
  const device = String(facts["device_name"]);
  const point = String(facts[`point_name_${language}`] ?? facts["point_name"]);
  const written = (name: "value" | "bound") =>
    line({ ...PLAIN, unit: String(facts["unit"] ?? "") }, Number(facts[name]));
  const text = facts["side"] === "below" ? "notifications.below_text" : "notifications.above_text";
  return {
    title: t("notifications.critical_title", { device, point }),
    text: facts["bound"] === null ? written("value") : t(text, { value: written("value"), bound: written("bound") }),
  };
}

/** What a notification says in the reader's language, where its facts are known; else in the server's words. */
export function notificationWords(notification: Notification, words: Words, zone: string): NotificationWords {
  const { type, title, message, metadata } = notification;
  const isComplete = "device_name" in metadata;
  if (type === "DEVICE_DISCONNECT" && isComplete) return goneWords(metadata, words, zone);
  if (type === "DEVICE_RECONNECTED" && isComplete) return backWords(metadata, words);
  if (type === "DEVICE_CRITICAL" && "point_name" in metadata) return criticalWords(metadata, words);
  if (metadata["code"] === "backups_fail") {
    const { t } = words;
    const reason = causeWords(causeOf(metadata), words) ?? metadata["reason"];
    return {
      title: t("notifications.backups_title"),
      text: t("notifications.backups_text", { ...metadata, reason }),
    };
  }
  return { title, text: message };
}
