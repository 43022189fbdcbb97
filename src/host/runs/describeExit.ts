/**
 * Explains in one sentence why the engine process ended, from its exit code or signal and the end of its stderr. V8
 * aborts (SIGABRT, exit code 134) when its heap is full and says so on stderr; Linux' out-of-memory killer sends
 * SIGKILL.
 */
export function describeExit(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const last = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /error|fatal|abort|exception/i.test(line))
    .at(0);
  const said = last === undefined ? "" : ` It said: ${last.slice(0, 300)}`;
  if (/heap out of memory|Cannot enlarge memory|allocation failed/i.test(stderr))
    return "The engine process ran out of memory: the model or its data is too large.";
  if (signal === "SIGKILL")
    return "The engine process was killed (SIGKILL), by hand or by the system because memory ran out.";
  if (signal !== null) return `The engine process ended on signal ${signal}.${said}`;
  if (code === 0) return "The engine process ended in the middle of a run.";
  return `The engine process ended with code ${code}.${said}`;
}
