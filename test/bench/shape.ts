/** The net to race: one recurrent layer and a dense one, adam, mean squared error. */

export const kinds = ["simpleRNN", "lstm", "gru"] as const;
export type Kind = (typeof kinds)[number];

export interface Shape {
  readonly kind: Kind;
  readonly T: number;
  readonly H: number;
  readonly B: number;
  readonly D: number;
}

/** Takes one training step; resolves to its milliseconds. */
export type Step = () => number | Promise<number>;

export interface Contender {
  readonly name: string;
  /** Makes its net; the previous one may be discarded. */
  prepare(shape: Shape): Promise<Step>;
  close(): void;
}
