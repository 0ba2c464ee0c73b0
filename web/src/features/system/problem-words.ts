import type { Health } from "@/api/types.ts";
import { causeOfFacts } from "@/components/cause-words.ts";
import type { Words } from "@/i18n/use-words.ts";

type Problems = Health["problem_details"];

/** The sentence of the problem with this code; undefined while there is none. */
export function problemOf(problems: Problems, code: Problems[number]["code"], words: Words): string | undefined {
  const found = problems.find((problem) => problem.code === code);
  return found && problemWords(found, words);
}

/** What is wrong with the program itself, in the reader's language where the page knows the code. */
export function problemWords({ code, facts, message }: Problems[number], words: Words): string {
  const { t, number } = words;
  const { days_left, links } = facts;
  const [device, place] = [facts.device, facts.place].map((fact) => String(fact ?? ""));
  const cause = causeOfFacts(facts, words);
  const samples = words.count(Number(facts.samples ?? 0));
  switch (code) {
    case "disk": {
      const used = t("health.problem.disk", { used: `${number(100 * Number(facts.used_share), 0)} %` });
      if (typeof days_left !== "number") return used;
      return [used, t("health.problem.days_left", { days: Math.round(days_left) })].join(" ");
    }
    case "leases": {
      const said = t("health.problem.leases", { cause });
      return typeof links === "number" ? [said, t("health.problem.links", { links: links })].join(" ") : said;
    }
    case "recording_dropped":
    case "history_dropped":
    case "spool_dropped":
      return t(`health.problem.${code}`, { samples });
    case "spool":
      return t("health.problem.spool", { samples, cause });
    case "profile":
      if (typeof facts.line !== "number" || facts.line === 0) return t("health.problem.profile", { cause });
      return t("health.problem.profile_line", { file: facts.file, line: facts.line, said: facts.said });
    case "recording":
    case "redis":
      return t(`health.problem.${code}`, { cause });
    case "device":
      return t("health.problem.device", { device, cause });
    case "redis_unreachable":
      return t("health.problem.redis_unreachable", { place, cause });
    default:
      return message;
  }
}
