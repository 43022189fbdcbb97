import { expect, it } from "vitest";
import { withoutPaths } from "../../../src/host/commands/withoutPaths.ts";

const folders = ["/home/ada/thesis", "C:\\Users\\ada\\thesis"];

it.each([
  ["cannot read /home/ada/secret/salaries.csv", "cannot read <path>"],
  ['"/home/ada/thesis/data/x.csv": no such file', '"data/x.csv": no such file'],
  ["at run (/home/ada/.vscode/extensions/gradlens/dist/engine.js:3:15)", "at run (<path>:3:15)"],
  ["from file:///opt/app/node_modules/zod/index.js:9", "from <path>/node_modules/zod/index.js:9"],
  ["C:\\Users\\ada\\thesis\\a.json and D:\\b\\c.npy", "a.json and <path>"],
  ["\\\\server\\share\\x.h5", "<path>"],
  ["/home/ada/thesis-2/x", "<path>"],
  ["12 of 99 timesteps / 3 % and x/y", "12 of 99 timesteps / 3 % and x/y"],
])("takes paths out of %j", (text, expected) => {
  expect(withoutPaths(text, folders)).toBe(expected);
});
