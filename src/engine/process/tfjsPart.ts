/** The part of the engine that needs tfjs. It is loaded on first use, so that a fresh process is ready at once. */

export { initBackend } from "../backend/ladder.ts";
export { deepProbe } from "../deep/deepProbe.ts";
export { runModel } from "../training/runModel.ts";
export { doctorReport } from "./doctor.ts";
