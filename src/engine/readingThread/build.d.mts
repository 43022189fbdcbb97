export function cachedReader(): Promise<string>;
