/**
 * Orthonormal vectors, made a few at a time: writes vectors `first` … `first` + `count` − 1 into `block`, one every
 * `stride` values.
 */
export type Vectors = (block: Float64Array, stride: number, first: number, count: number) => void;
