/** Reads event files as TensorFlow's RecordReader does, including every checksum; shares no code with the writer. */

export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version: string | null;
  readonly scalars: ReadonlyMap<string, number>;
  /** Values in buckets, with the buckets' upper ends. */
  readonly histograms: ReadonlyMap<
    string,
    { readonly limits: number[]; readonly counts: number[]; readonly num: number }
  >;
}

/** CRC-32C bit by bit. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}

function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** Throws for a wrong checksum or a record that is cut short. */
export function readEvents(file: Buffer): ReadEvent[] {
  const events: ReadEvent[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    if (unmask(file.readUInt32LE(at + 8)) !== slowCrc32c(file.subarray(at, at + 8))) throw new Error("length damaged");
    const message = file.subarray(at + 12, at + 12 + length);
    if (unmask(file.readUInt32LE(at + 12 + length)) !== slowCrc32c(message)) throw new Error("record damaged");
    events.push(eventOf(message));
    at += 16 + length;
  }
  return events;
}

type Field = { readonly field: number; readonly value: bigint | Buffer };

function* fields(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (size: number): Buffer => {
    at += size;
    if (at > message.length) throw new Error("field cut short");
    return message.subarray(at - size, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const field = key >> 3;
    const wire = key & 7;
    if (wire === 0) yield { field, value: varint() };
    else if (wire === 1) yield { field, value: take(8) };
    else if (wire === 2) yield { field, value: take(Number(varint())) };
    else if (wire === 5) yield { field, value: take(4) };
    else throw new Error(`wire type ${wire}`);
  }
}

function only(message: Buffer, field: number): Buffer | null {
  const found = [...fields(message)].filter((f) => f.field === field).at(-1)?.value;
  return Buffer.isBuffer(found) ? found : null;
}

function doubles(bytes: Buffer | null): number[] {
  return Array.from({ length: (bytes?.length ?? 0) / 8 }, (_, i) => bytes?.readDoubleLE(8 * i) ?? Number.NaN);
}

function eventOf(message: Buffer): ReadEvent {
  const step = [...fields(message)].find((f) => f.field === 2)?.value ?? 0n;
  const scalars = new Map<string, number>();
  const histograms = new Map<string, { limits: number[]; counts: number[]; num: number }>();
  for (const { field, value } of fields(only(message, 5) ?? Buffer.alloc(0))) {
    if (field !== 1 || !Buffer.isBuffer(value)) throw new Error("a summary holds values only");
    const tag = only(value, 1)?.toString() ?? "";
    const scalar = only(value, 2);
    const spread = only(value, 5);
    if (scalar) scalars.set(tag, scalar.readFloatLE(0));
    if (spread)
      histograms.set(tag, {
        limits: doubles(only(spread, 6)),
        counts: doubles(only(spread, 7)),
        num: only(spread, 3)?.readDoubleLE(0) ?? Number.NaN,
      });
  }
  return {
    wallTime: only(message, 1)?.readDoubleLE(0) ?? Number.NaN,
    step: typeof step === "bigint" ? Number(step) : Number.NaN,
    version: only(message, 3)?.toString() ?? null,
    scalars,
    histograms,
  };
}
