/** The value of a JSON text, or undefined where it is none: what an untrusted text holds is for a schema to say. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
