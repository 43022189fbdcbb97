/**
 * Gives every typed array of a message a buffer of its own size. Arrays from the engine are views into the chunk in
 * which they arrived, and VS Code would send the page that whole chunk with each of them.
 */
export function ownBuffers<T>(value: T): T;
export function ownBuffers(value: unknown): unknown {
  if (value instanceof Float64Array) return value.byteLength === value.buffer.byteLength ? value : value.slice();
  if (Array.isArray(value)) return value.map((v: unknown) => ownBuffers(v));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]: [string, unknown]) => [k, ownBuffers(v)]));
  return value;
}
