import { randomBytes } from 'node:crypto';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';
import { secretsInUrl } from '../core/secrets/secretScrubber.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { PAGE_HOSTS_VARIABLE, TRUSTED_KEYS_VARIABLE } from '../probes/chromium.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { checkApi } from '../setup/checkApi.ts';
import { checkCertificates, checkUi } from '../setup/checkUi.ts';
import {
  COMMON_ARGUMENTS,
  EMBEDDED_TENANTS,
  startAiMock,
  startEmbeddedSalesTalk,
} from '../setup/embedded.ts';
import { loadBudget } from '../setup/loadBudget.ts';
import { openTarget } from '../setup/openTarget.ts';
import {
  readTargetName,
  readTargetVariables,
  refuseForeignHost,
} from '../setup/readEnvironment.ts';
import { noteSecrets } from '../setup/secretsOfRun.ts';
import type { StartedProcess } from '../setup/startProcess.ts';
import { readTokens, type Tokens, tokenFrom } from '../setup/tokens.ts';
import { SIDES, type SideName } from './metrics.ts';
import { checkOut, type Source } from './sides.ts';

/** A side that can be measured. */
export type OpenSide = {
  name: SideName;
  api: ApiClient;
  tokenOf: (tenant: string) => string;
  /** Null: no page answers. */
  pageUrl: string | null;
  /** How its process, or that of the AI mock, ended; null while it runs. */
  ended: () => string | null;
};

export type OpenSides = {
  sides: Record<SideName, OpenSide>;
  /** Of both sides; null: the model is a real one. */
  aiMock: AiMockControl | null;
  /** Tenants that both sides know. */
  tenants: string[];
  /** What a deployment may be asked; null for two embedded sides. */
  ceilings: { requestsPerSecond: number; requestsPerRun: number; paidModelCalls: number } | null;
};

type OpenOptions = {
  sources: Record<SideName, Source>;
  candidateArgs: string[];
  wantsPage: boolean;
  repository: string;
  resources: AsyncDisposableStack;
};

/** What the sides are opened with. */
type Surroundings = Pick<OpenSides, 'aiMock' | 'ceilings'> & {
  http: HttpVersion;
  /** URL of the AI mock that this process started, for embedded sides. */
  aiUrl: string | null;
  /** Of deployments. */
  tokens: Tokens;
  aiMockEnded: () => string | null;
};

/**
 * Starts or checks both sides and their model. All that must be closed goes into `resources`.
 * @throws HarnessError COMPARISON_INVALID for sides that cannot be compared, and what the checks of a target throw
 */
export async function openSides(options: OpenOptions): Promise<OpenSides> {
  const { sources, resources } = options;
  const urls = SIDES.flatMap((name) => {
    const source = sources[name];
    return source.kind === 'url' ? [{ option: `--${name}`, url: source.url }] : [];
  });
  const around = await (urls.length === 0
    ? startOwnMock(resources)
    : openDeployments(urls, resources));
  const opened = await Promise.all(SIDES.map((name) => openSide(name, around, options)));
  const [baseline, candidate] = opened as [Opened, Opened];
  const tenants = [...baseline.tokens.keys()].filter((tenant) => candidate.tokens.has(tenant));
  if (tenants.length === 0) {
    throw new HarnessError({
      code: 'COMPARISON_INVALID',
      summary: 'No tenant is known to both sides.',
      found: opened.map(({ tokens }) => [...tokens.keys()].slice(0, 3).join(', ')).join('; '),
      expected: 'a tenant in common',
      remedy: 'Set SALESTALK_TENANTS to tenants of both sides.',
    });
  }
  return { sides: { baseline, candidate }, tenants, ...around };
}

async function startOwnMock(resources: AsyncDisposableStack): Promise<Surroundings> {
  const controlToken = randomBytes(24).toString('hex');
  const process = await startAiMock({ port: 0, controlToken });
  resources.defer(() => process.stop());
  noteSecrets([controlToken]);
  setPageHosts(['127.0.0.1']);
  return {
    aiMock: new AiMockControl(process.controlUrl ?? '', controlToken),
    aiUrl: process.url,
    tokens: new Map(),
    ceilings: null,
    http: '1.1',
    aiMockEnded: watchEnd(process, 'the AI mock'),
  };
}

/** Reads the budget and the variables of the target that the URLs belong to, and opens its AI mock. */
async function openDeployments(
  urls: { option: string; url: string }[],
  resources: AsyncDisposableStack,
): Promise<Surroundings> {
  const isNamed = readVariable(process.env, 'SALESTALK_TARGET') !== undefined;
  const name = readTargetName(isNamed ? process.env : { SALESTALK_TARGET: 'dev' });
  const { budget, file } = loadBudget(name);
  for (const { option, url } of urls) refuseForeignHost(url, option, budget.hosts, file);
  const { SALESTALK_UI_URL: _, ...variables } = readTargetVariables(name, process.env);
  const { NODE_EXTRA_CA_CERTS } = variables;
  if (NODE_EXTRA_CA_CERTS !== undefined) process.env.NODE_EXTRA_CA_CERTS = NODE_EXTRA_CA_CERTS;
  const [first] = urls;
  const { target, tokenSource, secrets, processes } = await openTarget({
    name,
    budget,
    budgetFile: file,
    variables: { ...variables, ...(first && { SALESTALK_API_URL: first.url }) },
  });
  const { aiMock: mockProcess } = processes;
  if (mockProcess !== undefined) resources.defer(() => mockProcess.stop());
  const tokens = await readTokens(tokenSource, target.tenants, new Date());
  const { AI_MOCK_CONTROL_TOKEN: controlToken = '' } = secrets;
  const { aiMockControlUrl } = target;
  noteSecrets([
    ...tokens.values(),
    ...[tokenSource.SALESTALK_JWT_SECRET, controlToken],
    ...secretsInUrl(aiMockControlUrl),
  ]);
  const trusted = await checkCertificates(
    urls.map(({ url }) => url),
    budget.hosts,
  );
  process.env[TRUSTED_KEYS_VARIABLE] = trusted.join(',');
  setPageHosts([...budget.hosts, ...budget.pageHosts, '127.0.0.1']);
  return {
    aiMock: aiMockControlUrl === null ? null : new AiMockControl(aiMockControlUrl, controlToken),
    aiUrl: mockProcess?.url ?? null,
    tokens,
    ceilings: budget.ceilings,
    http: target.http,
    aiMockEnded: mockProcess === undefined ? () => null : watchEnd(mockProcess, 'the AI mock'),
  };
}

function setPageHosts(hosts: string[]): void {
  process.env[PAGE_HOSTS_VARIABLE] = hosts.join(',');
}

type Opened = OpenSide & { tokens: Tokens };

async function openSide(
  name: SideName,
  around: Surroundings,
  options: OpenOptions,
): Promise<Opened> {
  const { sources, wantsPage, resources } = options;
  const source = sources[name];
  const { url, tokens, process } =
    source.kind === 'url'
      ? { url: source.url, tokens: around.tokens, process: null }
      : await startSide(name, source, around, options);
  const tokenOf = tokenFrom(tokens);
  try {
    await checkApi(url, tokens, around.http);
  } catch (error) {
    throw nameSide(error, name);
  }
  const api = new ApiClient({ url, tokenOf, http: around.http });
  resources.defer(() => api.close());
  const hasPage =
    wantsPage &&
    (await checkUi(url).then(
      () => true,
      () => false,
    ));
  const sideEnded = process === null ? () => null : watchEnd(process, `the ${name}`);
  const ended = () => sideEnded() ?? around.aiMockEnded();
  return { name, api, tokenOf, tokens, pageUrl: hasPage ? url : null, ended };
}

/** The checks name the variable that usually holds the URL. */
function nameSide(error: unknown, name: SideName): unknown {
  if (!(error instanceof HarnessError)) return error;
  const { summary, remedy, ...details } = error.details;
  return new HarnessError({
    ...details,
    summary: `${summary.replace(/\.$/, '')}: the ${name}.`,
    remedy: remedy.replaceAll('SALESTALK_API_URL', `--${name}`),
  });
}

/** Starts the embedded SalesTalk of a commit or of the working tree. */
async function startSide(
  name: SideName,
  source: Exclude<Source, { kind: 'url' }>,
  { aiUrl }: Surroundings,
  { candidateArgs, repository, resources }: OpenOptions,
): Promise<{ url: string; tokens: Tokens; process: StartedProcess }> {
  if (aiUrl === null) {
    throw new HarnessError({
      code: 'COMPARISON_INVALID',
      summary: 'A deployment and an embedded SalesTalk can be compared only with the same AI mock.',
      file: 'AI_MOCK_PORT',
      found: 'no AI mock that compare starts for both',
      expected: 'the port on which the deployment calls its model',
      remedy: 'Set AI_MOCK_PORT and point the deployment at it, or compare two URLs.',
    });
  }
  const jwtSecret = randomBytes(32).toString('hex');
  noteSecrets([jwtSecret]);
  const args = name === 'candidate' ? candidateArgs : [];
  const folder =
    source.kind === 'commit' ? resources.use(checkOut(source.commit, repository)).path : repository;
  try {
    const started = await startEmbeddedSalesTalk({ jwtSecret, aiUrl, args, folder });
    resources.defer(() => started.stop());
    const tokens = await readTokens(
      { SALESTALK_JWT_SECRET: jwtSecret },
      EMBEDDED_TENANTS,
      new Date(),
    );
    noteSecrets(tokens.values());
    return { url: started.url, tokens, process: started };
  } catch (error) {
    if (!(error instanceof HarnessError) || source.kind === 'workingTree') throw error;
    throw new HarnessError({
      code: 'COMPARISON_INVALID',
      summary: `The SalesTalk of the ${name}, ${source.shown}, does not start.`,
      ...(error.details.found === undefined ? {} : { found: error.details.found }),
      expected: `one that starts with ${[...COMMON_ARGUMENTS, ...args].join(' ')} and the packages of this version`,
      remedy: 'It is older than compare can start, or broken: name another commit.',
    });
  }
}

function watchEnd(process: StartedProcess, name: string): () => string | null {
  let ended: string | null = null;
  process.onExit(({ status }) => {
    ended = `${name} ended: ${status}`;
  });
  return () => ended;
}
