import { field, textField } from './field.ts';
import type { PageConfig } from './types.ts';

/**
 * What this deployment offers.
 * @throws Error if it cannot be read
 */
export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch('/config.json');
  if (!response.ok) throw new Error(`/config.json answered ${response.status}.`);
  const body: unknown = await response.json();
  const workspaces = field(body, 'demoWorkspaces');
  return {
    apiUrl: textField(body, 'apiUrl') ?? '',
    demoWorkspaces: Array.isArray(workspaces)
      ? workspaces.filter((workspace) => typeof workspace === 'string')
      : [],
  };
}
