import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { z } from 'zod';
import { checkInput } from '../core/checkInput.ts';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';

export type Variables = Record<string, string | undefined>;

/** Reports show URLs, so they must not contain a user name and password. */
const url = z
  .url({
    protocol: /^https?$/,
    error: 'a URL that begins with http:// or https://',
    abort: true,
  })
  .refine((text) => !hasCredentials(text), 'a URL without user name and password');
/** Paths are appended to these URLs. */
const baseUrl = url.refine((text) => !/[?#]/.test(text), 'a URL without ? and #');
const port = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, { error: 'a port from 1 to 65535', abort: true })
  .transform(Number)
  .refine((number) => number <= 65_535, 'a port from 1 to 65535');

const targetVariables = z.object({
  SALESTALK_API_URL: baseUrl.optional(),
  SALESTALK_UI_URL: url.optional(),
  SALESTALK_TOKENS: z.string().min(1).optional(),
  SALESTALK_JWT_SECRET: z.string().min(1).optional(),
  SALESTALK_TENANTS: z
    .string()
    .regex(
      /^[a-z0-9-]{1,64}(,[a-z0-9-]{1,64})*$/,
      'tenant ids of lower-case letters, digits and hyphens, comma-separated',
    )
    .optional(),
  NODE_EXTRA_CA_CERTS: z.string().min(1).optional(),
  AI_MOCK_CONTROL_URL: baseUrl.optional(),
  AI_MOCK_CONTROL_TOKEN: z.string().min(1).optional(),
  AI_MOCK_PORT: port.optional(),
});

export type TargetVariables = z.infer<typeof targetVariables>;

/** The name of the target. It is part of file names (`.env.<target>`), so it must not contain a path. */
export function readTargetName(variables: Variables): string {
  const name = readVariable(variables, 'SALESTALK_TARGET') ?? 'local';
  if (/^[a-z0-9-]{1,64}$/.test(name)) return name;
  throw new HarnessError({
    code: 'ENVIRONMENT_INVALID',
    summary: 'SALESTALK_TARGET does not name a target.',
    file: 'SALESTALK_TARGET',
    found: JSON.stringify(name.slice(0, 80)),
    expected: 'at most 64 lower-case letters, digits and hyphens',
    remedy: 'Name a target that has a file budgets/<target>.json; unset, it is "local".',
  });
}

/**
 * The variables of a target: those of the process have precedence over those of `.env.<target>`.
 * @throws HarnessError ENVIRONMENT_INVALID, without any value that may be secret
 */
export function readTargetVariables(target: string, variables: Variables): TargetVariables {
  const file = `.env.${target}`;
  const input = removeBlanks({ ...readDotenv(file), ...removeBlanks(variables) });
  return checkInput(input, targetVariables, ({ found }, issue) => {
    const name = String(issue.path[0]);
    const isSecret = /TOKEN|SECRET/.test(name) || (/_URL$/.test(name) && /[@?]/.test(found));
    return {
      code: 'ENVIRONMENT_INVALID',
      summary: `${name} is not valid.`,
      file: `${file}, or the environment`,
      path: name,
      found: isSecret ? 'a value that is not shown' : found,
      expected: issue.message,
      remedy: 'Correct the variable; .env.example describes all of them.',
    };
  });
}

function readDotenv(file: string): Variables {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new HarnessError({
      code: 'ENVIRONMENT_INVALID',
      summary: `${file} cannot be read.`,
      file,
      found: String(code),
      expected: 'a readable file, or none',
      remedy: 'Change its permissions, or remove it.',
    });
  }
  return parse(text);
}

function hasCredentials(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}

function removeBlanks(variables: Variables): Variables {
  const isSet = ([name]: [string, unknown]): boolean => readVariable(variables, name) !== undefined;
  return Object.fromEntries(Object.entries(variables).filter(isSet));
}

/**
 * Refuses a host that the committed budget does not list: a mistake in a variable must not turn a test into an attack.
 * @param hosts hosts with or without a port; without, all ports are allowed
 * @throws HarnessError HOST_NOT_ALLOWED
 */
export function refuseForeignHost(
  url: string,
  variable: string,
  hosts: string[],
  file: string,
): void {
  const { hostname, host, protocol } = new URL(url);
  const withPort = /:\d+$/.test(host) ? host : `${host}:${protocol === 'https:' ? 443 : 80}`;
  if (hosts.some((allowed) => allowed === hostname || allowed === withPort)) return;
  throw new HarnessError({
    code: 'HOST_NOT_ALLOWED',
    summary: `${variable} names a host that may not be driven.`,
    file,
    path: 'hosts',
    found: withPort,
    expected: hosts.join(', '),
    remedy: `If this host may be put under test, add it to "hosts" in ${file} and have that reviewed.`,
  });
}

/** Does a URL name this machine, without the help of a name server? */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
