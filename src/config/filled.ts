/** Null in place of each property that a config may leave out. */
export type Filled<T> = { [Key in keyof T]-?: undefined extends T[Key] ? Exclude<T[Key], undefined> | null : T[Key] };
