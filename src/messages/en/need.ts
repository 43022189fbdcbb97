/** How far back a net uses its inputs, and what a state is. */

const timesteps = (n: number): string => `${n} ${n === 1 ? "timestep" : "timesteps"}`;

export const need = {
  memory: " (memory)",
  unused: "the net does not use its inputs: exchanged among samples, they give the same loss",
  uses: (what: string) => `the net uses ${what}`,
  last: (all: number) => `the last of ${timesteps(all)}`,
  all: (all: number) => `all ${timesteps(all)}`,
  lastOf: ({ last, all }: { last: number; all: number }) => `the last ${last} of ${timesteps(all)}`,
};
