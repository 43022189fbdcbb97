/** Starts engines under a debugger, for contributors: .vscode/launch.json sets the environment variable. */

export const inspectVariable = "GRADLENS_INSPECT";

/** The engine processes, in the order of their ports. */
const engines = ["probe", "train", "verify"] as const;

export type EngineRole = (typeof engines)[number];

/** The inspector port of each engine; null without an inspector. */
export type InspectPorts = Readonly<Record<EngineRole, number | null>>;

/** No inspector, for users. */
export const noInspection: InspectPorts = { probe: null, train: null, verify: null };

/**
 * Ports for the engines: the one in the variable and the next two, because processes cannot share a port. With 0 the
 * system chooses, and the engine's log shows the port.
 *
 * @returns the ports, or what is wrong with the variable's value
 */
export function inspectPorts(value: string | undefined): InspectPorts | string {
  if (value === undefined || value === "") return noInspection;
  const first = Number(value);
  const last = 65_535 - (engines.length - 1);
  if (!/^\d+$/.test(value) || (first !== 0 && first < 1024) || first > last)
    return `${inspectVariable} is "${value}", but must be a port from 1024 to ${last}, or 0. The engines start without an inspector.`;
  const port = (at: number): number => (first === 0 ? 0 : first + at);
  return { probe: port(0), train: port(1), verify: port(2) };
}

/** Node's arguments for an engine with this port. */
export function inspectArguments(port: number | null): readonly string[] {
  // Only on this machine: whoever reaches an inspector can run anything.
  return port === null ? [] : [`--inspect=127.0.0.1:${port}`];
}
