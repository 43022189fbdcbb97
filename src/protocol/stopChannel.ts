/**
 * A channel beside the IPC channel, for a process whose event loop a long step blocks. One of its threads reads numbers
 * of computations to stop (32 bits, little-endian), and writes a byte now and then while the computation goes on.
 */

/** The file descriptor of the channel in the process. */
export const stopFd = 4;
/** The environment variable that names it, so that a process started by anyone else does not look for it. */
export const stopFdVariable = "GRADLENS_STOP_FD";

/**
 * A positive number for the name of a computation. The process compares the number with that of its present computation,
 * so a stop that comes too late does not stop the next one.
 */
export function stopNumber(name: string): number {
  // FNV-1a. Only two computations in a row with the same of 2³⁰ numbers could be confused.
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash & 0x7fffffff) | 1;
}

/** The message that stops the computation of this number. */
export function stopMessage(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, number, true);
  return bytes;
}
