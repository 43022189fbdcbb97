/** What the engine is and what it runs on, for whoever wonders why something is slow or missing. */

import os from "node:os";
import { version_core } from "@tensorflow/tfjs-core";
import type { DoctorReport } from "../../protocol/engineMessages.ts";
import type { BackendInfo } from "../../protocol/run.ts";

export function doctorReport(backend: BackendInfo): DoctorReport {
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    backend,
    facts: [
      { name: "tfjs", value: version_core },
      { name: "processors", value: `${os.availableParallelism()} × ${os.cpus()[0]?.model.trim() || "unknown"}` },
      { name: "threads", value: "1" },
      { name: "memory", value: `${gigabytes(os.freemem())} of ${gigabytes(os.totalmem())} free` },
    ],
  };
}
