/**
 * Looks whether the host wants to stop. A function that finds so returns at once; what it has written has no meaning.
 * Looks are about a millisecond of computing apart, so that they cost nothing (one takes some ten nanoseconds).
 */
@external("env", "look")
export declare function look(): bool;
