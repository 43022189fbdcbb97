/** The examples that can be copied into a workspace. */

import { gallery as en } from "./en/gallery.ts";
import { inLanguages } from "./language.ts";
import { gallery as zh } from "./zh/gallery.ts";

export const galleryWords = inLanguages(en, zh);
