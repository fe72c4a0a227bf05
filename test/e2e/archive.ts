import { gzipSync } from "node:zlib";

/** A gzipped tar (ustar) with these files, contents by path: the form of Helm charts and of Flux's artifacts. */
export function tarGz(files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    return [header(path, content.length), content, Buffer.alloc(-content.length & 511)];
  });
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  block.write(path, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(size, 11), 124);
  block.write("0", 156); // a file
  block.write("ustar\0" + "00", 257);
  // the sum is of all bytes, its own place taken as spaces
  block.fill(" ", 148, 156);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0`,
    148,
  );
  return block;
}
