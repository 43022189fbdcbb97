/** The exit codes and their meanings. */

export const exitCodes = {
  fine: 0,
  /** `check`: a finding reached `--fail-on`. */
  findings: 1,
  /** The command line or the config is wrong. */
  usage: 2,
  /** The engine failed. */
  engine: 3,
  /** Interrupted: 128 + SIGINT, as shells expect. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The gravest of several codes: engine failure, then wrong usage, then interruption, then findings. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  const order = [exitCodes.engine, exitCodes.usage, exitCodes.interrupted, exitCodes.findings];
  return order.find((code) => codes.includes(code)) ?? exitCodes.fine;
}
