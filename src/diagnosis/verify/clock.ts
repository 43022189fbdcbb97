/** What a verification within a budget needs to know of time. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
  /** Calls `up` after so many milliseconds, unless what it returns is called before. */
  readonly after: (milliseconds: number, up: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, up) => {
    const timer = setTimeout(up, milliseconds);
    return () => clearTimeout(timer);
  },
};
