/** What the pages that the extension writes may load and run. */

/** The panel's page: its own script and style, nothing from a network. */
export function panelPolicy(nonce: string, cspSource: string): string {
  return `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; img-src ${cspSource} data:; font-src ${cspSource}`;
}

/** A report, which runs no script and has its pictures and style inside. */
export const reportPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
