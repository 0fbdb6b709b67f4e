/**
 * The first JSON object in what a model wrote: as it stands, inside a Markdown fence, or between other words.
 * `attempts` says how many of these readings it took. Null when there is none.
 */
export function parseModelJson(text: string): { value: object; attempts: number } | null {
  const readings = [
    text,
    /```((?:(?!```)[\s\S])*)```/.exec(text)?.[1]?.replace(/^[a-z]*/i, ''),
    text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1),
  ];
  for (const [index, reading] of readings.entries()) {
    const value = reading === undefined ? null : parseObject(reading);
    if (value !== null) return { value, attempts: index + 1 };
  }
  return null;
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
