/**
 * The same random inputs in every default run, so that a change alone decides its outcome. The long run draws others each
 * time.
 */

import fc from "fast-check";
import { long } from "../tier.mts";

if (!long) fc.configureGlobal({ seed: 20 });
