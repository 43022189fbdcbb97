/** The outcome of the tests inside VS Code, as their host writes it to a file. */
export interface SuiteResult {
  /** Every test had its turn. */
  readonly complete: boolean;
  readonly passed: number;
  readonly skipped: number;
  /** Full titles. */
  readonly failures: readonly string[];
}
