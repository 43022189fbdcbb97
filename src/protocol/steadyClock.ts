/**
 * Times that go on at the pace at which they pass. The computer's clock may be set, forward or back, while a run goes; its
 * times must still follow each other.
 */

/** A clock that begins at the present time. @param begun milliseconds since 1970 */
export function steadyClock(begun = Date.now()): () => number {
  const at = performance.now();
  return () => begun + performance.now() - at;
}
