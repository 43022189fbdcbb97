/** What became of one rung of the ladder: its label, or why it was not taken. */
export type Rung = { readonly label: string } | { readonly reason: string };
