import type { BuildOptions } from "esbuild";

export declare function workIn(file: string): Pick<BuildOptions, "plugins" | "supported">;
