/** Each file of tests begins in English: files share a process, and one that ends in another language must not harm the next. */

import { beforeAll } from "vitest";
import { speak } from "../../src/messages/language.ts";

beforeAll(() => speak("en"));
