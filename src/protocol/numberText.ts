/** Figures for people, as every renderer writes them. */

export * from "../messages/numberText.ts";
