/**
 * How much of the tests runs. There are three tiers:
 *
 * - `quick`: `npm test` on a contributor's machine. Every area has a test, with typical cases and few random inputs.
 * - `thorough`: the same with `CI=true`, as `.ci/run` sets it. Every change passes it before it is merged.
 * - `long`: `npm run test:long`. All cases, and random inputs that differ from run to run.
 *
 * Each tier runs everything that the one before it runs. A test or group with the option `{ tags: "thorough" }` or
 * `{ tags: "long" }` runs from that tier on, and is counted as skipped before. The environment variables are read here
 * alone.
 */

export type Tier = "quick" | "thorough" | "long";

export function tierOf(env: NodeJS.ProcessEnv): Tier {
  return env["GRADLENS_TEST_LONG"] === "1" ? "long" : env["CI"] === "true" ? "thorough" : "quick";
}

export const tier = tierOf(process.env);

/** Whether every case runs. */
export const long = tier === "long";

/** Whether tests run that are too slow to be waited for at each change. */
export const thorough = tier !== "quick";

/** The tags of tests, with which vitest skips those of a later tier. */
export const tierTags = [
  { name: "thorough", description: "runs in CI and in the long run", ...(thorough ? {} : { skip: true }) },
  { name: "long", description: "runs in the long run", ...(long ? {} : { skip: true }) },
];
