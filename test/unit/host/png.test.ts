import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { isPng } from "../../../src/host/save/png.ts";
import { fromPanelSchema } from "../../../src/protocol/panelMessages.ts";

/** A grey picture, composed from the specification (W3C 2003). */
function png(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = Buffer.alloc(Math.min(height, 64) * (Math.min(width, 64) + 1));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", zlib.deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe("a picture that the panel sends", () => {
  it("is accepted if it starts, has a size and ends like a PNG", () => {
    const whole = png(20, 10);
    expect(isPng(whole)).toBe(true);
    // A view into a larger buffer, as messages may be.
    expect(isPng(Uint8Array.from([1, 2, 3, ...whole]).subarray(3))).toBe(true);
    for (const other of [
      whole.subarray(0, -1),
      whole.subarray(1),
      Buffer.concat([whole, Buffer.from("<script>")]),
      png(0, 10),
      png(20, 100_000),
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
      Buffer.alloc(0),
    ])
      expect(isPng(other)).toBe(false);
  });

  it("is refused if it is not base64, not of a chart, or too large", () => {
    const message = { type: "savePicture", chart: "loss", png: png(2, 2).toString("base64") };
    expect(fromPanelSchema.safeParse(message).success).toBe(true);
    for (const changes of [{ png: "data:image/png;base64,AAAA" }, { png: "" }, { chart: "../../x" }, { path: "/etc" }])
      expect(fromPanelSchema.safeParse({ ...message, ...changes }).success).toBe(false);
    expect(fromPanelSchema.safeParse({ ...message, png: "A".repeat(2 ** 24 + 4) }).success).toBe(false);
  });
});
