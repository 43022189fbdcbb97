import { visible } from "../config/visible.ts";

/** Escapes text for a label, a lens or a message, which turn `$(name)` into icons and `[text](address)` into links. */
export function plainLabel(text: string): string {
  return visible(
    text
      .replaceAll("$(", "$\u2060(")
      .replaceAll("](", "]\u2060(")
      .replace(/\r\n|\n|\r/g, " "),
  );
}
