/**
 * The address of a script without what may hold a secret: user, query and fragment. Of an address that is the script itself (`data:`), or that
 * cannot be read, its scheme alone; '' stays.
 */
export function withoutQuery(url: string): string {
  if (url === '') return '';
  const parsed = URL.parse(url);
  if (parsed === null) return '';
  const { protocol, host, pathname } = parsed;
  const isPlace = ['http:', 'https:', 'file:'].includes(protocol);
  return isPlace ? `${protocol}//${host}${pathname}` : protocol;
}
