/** A character of Base64 stands for so many bits. */
const BITS = 6;

/**
 * How a text looks inside anything that holds it and was written in Base64, such as the user and password of basic authentication: three
 * ways, since it may begin at any of the three bytes of a group. The characters that its neighbours have a part in are left out. `+` and `/`
 * stand for themselves, where the alphabet of URLs has `-` and `_`.
 */
export function insideBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text, 'utf8')]);
    const from = Math.ceil((before * 8) / BITS);
    const to = Math.floor((bytes.length * 8) / BITS);
    return bytes.toString('base64').slice(from, to);
  });
}
