/**
 * The language in which a process speaks. It is chosen once, before anything is said: the extension host takes VS Code's,
 * the engine and the panel's page take the host's. Any other process speaks English.
 */

import { bracketed } from "./pseudo.ts";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

/** `pseudo`: the English messages in brackets, which show what does not come from the catalogue. */
export type Spoken = Language | "pseudo";

let spoken: Spoken = "en";

/** Chooses the language of this process. */
export function speak(language: Spoken): void {
  spoken = language;
}

export function spokenLanguage(): Spoken {
  return spoken;
}

/** The tag of the pseudo-locale, as VS Code and Windows name it. */
const pseudoTag = "qps-ploc";

/** The language that a tag asks for: `zh-cn`, `zh_CN.UTF-8`, `zh-Hans`; English for every other one. */
export function languageOf(tag: string | undefined): Spoken {
  if (tag?.toLowerCase() === pseudoTag) return "pseudo";
  return tag !== undefined && /^zh(?:$|[-_.@])/i.test(tag) ? "zh" : "en";
}

/** The tag of the language of this process (BCP 47), for HTML and for processes that it starts. */
export function languageTag(): string {
  return { en: "en", zh: "zh-CN", pseudo: pseudoTag }[spoken];
}

/** The page of the documentation that explains the findings. */
export function findingsPage(): string {
  return spoken === "zh" ? "findings.zh-CN.md" : "findings.md";
}

/** The messages of a surface, to be asked for each time that something is said. */
export function inLanguages<Messages extends object>(en: Messages, zh: Messages): () => Messages {
  let pseudo: Messages | undefined;
  return () => {
    if (spoken === "en") return en;
    if (spoken === "zh") return zh;
    pseudo ??= bracketed(en);
    return pseudo;
  };
}
