import { holdClaims } from "./hold.ts";

holdClaims("odd");
