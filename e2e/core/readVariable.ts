/** The value of an environment variable. One that is set to nothing counts as unset: CI systems hand on what is missing as empty text. */
export function readVariable(
  variables: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const value = variables[name];
  return value === undefined || value.trim() === '' ? undefined : value;
}
