import { expect, it } from "vitest";
import { DisposableStore } from "../../../src/host/disposableStore.ts";

it("disposes its members in order and once", () => {
  const disposed: string[] = [];
  const member = (name: string) => ({ dispose: () => disposed.push(name) });
  const store = new DisposableStore(member("first"), member("second"));
  expect(store.add(member("third"))).toBeDefined();
  store.dispose();
  store.dispose();
  expect(disposed).toEqual(["first", "second", "third"]);
});
