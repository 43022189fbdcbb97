/** The time functions that a verification with a budget needs. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
  /** Calls `up` after `milliseconds`; the returned function cancels this. */
  readonly after: (milliseconds: number, up: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, up) => {
    const timer = setTimeout(up, milliseconds);
    return () => clearTimeout(timer);
  },
};
