export function noticesOf(root: string, inputs: readonly string[]): string;
