/** Disposes several things together, for parts of the host that must run, and be tested, without VS Code. */

/** The common part of VS Code's `Disposable` and our own subscriptions. */
export interface Disposable {
  dispose(): unknown;
}

/** Disposes its members in their order, once. */
export class DisposableStore implements Disposable {
  #members: Disposable[] = [];

  constructor(...members: readonly Disposable[]) {
    this.#members = [...members];
  }

  add<T extends Disposable>(member: T): T {
    this.#members.push(member);
    return member;
  }

  dispose(): void {
    const members = this.#members;
    this.#members = [];
    for (const member of members) member.dispose();
  }
}
