import { holdClaims } from "./hold.ts";

holdClaims("even");
