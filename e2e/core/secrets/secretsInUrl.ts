/** Shorter ones would be found in harmless text, and cannot be taken out of it. */
const SHORTEST = 12;

/** What in a configured URL may be a secret: its password, and the values of its query. */
export function secretsInUrl(url: string | null): string[] {
  if (url === null) return [];
  const { password, searchParams } = new URL(url);
  const found = [decodeURIComponent(password), ...searchParams.values()];
  return found.filter(({ length }) => length >= SHORTEST);
}

/** A URL as it may be shown: a query, and what follows it, is left out. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/s, '?…');
}
