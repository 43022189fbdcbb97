/** The result of trying one rung of the ladder: its label, or why it was not used. */
export type Rung = { readonly label: string } | { readonly reason: string };
