/*
 * In V8 on a 64-bit machine, where Chromium compresses pointers to four bytes: an object has a header of three and one for
 * each of its fields, an array has a header of four, its elements one of two and one each.
 */
const pointerBytes = 4;
const objectBytes = pointerBytes * (3 + 12);
const arrayBytes = pointerBytes * (4 + 2);

/** Plain objects in an array that take so much of the page's JavaScript heap, give or take half an object. */
export function plainObjects(sizeBytes: number): object[] {
  const count = Math.round((sizeBytes - arrayBytes) / (objectBytes + pointerBytes));
  // Small integers, since any other number would be an object of its own.
  return Array.from({ length: count }, (_, a) => ({
    a,
    b: a + 1,
    c: a + 2,
    d: a + 3,
    e: a + 4,
    f: a + 5,
    g: a + 6,
    h: a + 7,
    i: a + 8,
    j: a + 9,
    k: a + 10,
    l: a + 11,
  }));
}
