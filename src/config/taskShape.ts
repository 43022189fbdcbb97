/** The shape of a sample of a built-in task. */

import type { TaskData } from "./resolved.ts";

export interface TaskShape {
  readonly timesteps: number;
  /** Number of inputs per timestep. */
  readonly features: number;
}

export function taskShape(data: TaskData): TaskShape {
  switch (data.task) {
    case "addingProblem":
      return { timesteps: data.length, features: 2 };
    case "copyMemory":
      return { timesteps: data.length + 2 * data.symbols, features: data.alphabet + 2 };
    case "temporalOrder":
      return { timesteps: data.length, features: 6 };
    case "sequentialDigits":
      return { timesteps: 64, features: 1 };
    case "delayedRecall":
    case "parity":
    case "sineForecasting":
    case "mackeyGlassForecasting":
      return { timesteps: data.length, features: 1 };
  }
}
