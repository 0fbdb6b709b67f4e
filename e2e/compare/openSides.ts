import { randomBytes } from 'node:crypto';
import type { Budget } from '../core/budget/budgetSchema.ts';
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
import { checkOut, comparisonInvalid, type Source } from './sides.ts';

/** A side that can be measured. */
export type OpenSide = {
  name: SideName;
  /** Of each of its processes. */
  apis: [ApiClient, ...ApiClient[]];
  tokenOf: (tenant: string) => string;
  /** Null: no page answers. */
  pageUrl: string | null;
  /** How one of its processes, or that of the AI mock, ended; null while they run. */
  ended: () => string | null;
};

export type OpenSides = {
  sides: Record<SideName, OpenSide>;
  /** Of both sides; null: the model is a real one. */
  aiMock: AiMockControl | null;
  /** Tenants that both sides know. */
  tenants: string[];
  /** What a deployment may be asked; null for two embedded sides. */
  ceilings: Budget['ceilings'] | null;
};

type OpenOptions = {
  sources: Record<SideName, Source>;
  candidateArgs: string[];
  wantsPage: boolean;
  repository: string;
  resources: AsyncDisposableStack;
};

/** What the sides are opened with. */
type Surroundings = Pick<OpenSides, 'aiMock' | 'ceilings'> &
  Pick<Budget, 'http'> & {
    /** Of deployments. */
    tokens: Tokens;
    /** The AI mock that this process started; embedded sides need it. */
    mockProcess: StartedProcess | null;
  };

/**
 * Starts or checks both sides and their model. All that must be closed goes into `resources`.
 * @throws HarnessError COMPARISON_INVALID for sides that cannot be compared, and what the checks of a target throw
 */
export async function openSides(options: OpenOptions): Promise<OpenSides> {
  const { sources, resources } = options;
  const isDeployed = SIDES.some((name) => sources[name].kind === 'url');
  const around = await (isDeployed ? openDeployments(options) : startOwnMock(options));
  const mockEnded = watchEnd(around.mockProcess, 'the AI mock');
  const open = async (name: SideName): Promise<OpenSide & { tokens: Tokens }> => {
    const { urls, tokens, processes } = await findSide(name, around, options);
    const ends = processes.map((process) => watchEnd(process, `the ${name}`));
    const tokenOf = tokenFrom(tokens);
    const [url = ''] = urls;
    await checkApi(url, tokens, around.http).catch((error) =>
      Promise.reject(nameSide(error, name)),
    );
    const apis = urls.map((each) => new ApiClient({ url: each, tokenOf, http: around.http }));
    for (const api of apis) resources.defer(() => api.close());
    const answers =
      options.wantsPage &&
      checkUi(url)
        .then(() => true)
        .catch(() => false);
    const pageUrl = (await answers) ? url : null;
    const ended = () => ends.map((end) => end()).find((end) => end !== null) ?? mockEnded();
    return { name, apis: apis as OpenSide['apis'], tokenOf, pageUrl, tokens, ended };
  };
  const [baseline, candidate] = [await open('baseline'), await open('candidate')];
  const tenants = [...baseline.tokens.keys()].filter((tenant) => candidate.tokens.has(tenant));
  if (tenants.length > 0) return { sides: { baseline, candidate }, tenants, ...around };
  throw comparisonInvalid({
    summary: 'No tenant is known to both sides.',
    found: [...around.tokens.keys()].join(', '),
    expected: `some of ${EMBEDDED_TENANTS.slice(0, 3).join(', ')} and so on`,
    remedy: 'Set SALESTALK_TENANTS to tenants of both sides.',
  });
}

async function startOwnMock({ resources }: OpenOptions): Promise<Surroundings> {
  const controlToken = randomBytes(24).toString('hex');
  const mockProcess = await startAiMock({ port: 0, controlToken });
  resources.defer(() => mockProcess.stop());
  noteSecrets([controlToken]);
  process.env[PAGE_HOSTS_VARIABLE] = '127.0.0.1';
  const aiMock = new AiMockControl(mockProcess.controlUrl ?? '', controlToken);
  return { aiMock, mockProcess, tokens: new Map(), ceilings: null, http: '1.1' };
}

/** Reads the budget and the variables of the target that the URLs belong to, and opens its AI mock. */
async function openDeployments({ sources, resources }: OpenOptions): Promise<Surroundings> {
  const isNamed = readVariable(process.env, 'SALESTALK_TARGET') !== undefined;
  const name = readTargetName(isNamed ? process.env : { SALESTALK_TARGET: 'dev' });
  const { budget, file } = loadBudget(name);
  const urls = SIDES.flatMap((side) => {
    const source = sources[side];
    if (source.kind !== 'url') return [];
    refuseForeignHost(source.url, `--${side}`, budget.hosts, file);
    return [source.url];
  });
  const { SALESTALK_UI_URL: _, ...variables } = readTargetVariables(name, process.env);
  const { NODE_EXTRA_CA_CERTS } = variables;
  if (NODE_EXTRA_CA_CERTS !== undefined) process.env.NODE_EXTRA_CA_CERTS = NODE_EXTRA_CA_CERTS;
  const { target, tokenSource, secrets, processes } = await openTarget({
    name,
    budget,
    budgetFile: file,
    variables: { ...variables, SALESTALK_API_URL: urls[0] },
  });
  const { aiMock: mockProcess = null } = processes;
  if (mockProcess !== null) resources.defer(() => mockProcess.stop());
  const tokens = await readTokens(tokenSource, target.tenants, new Date());
  const { AI_MOCK_CONTROL_TOKEN: controlToken = '' } = secrets;
  const { aiMockControlUrl: controlUrl, http } = target;
  const secret = [tokenSource.SALESTALK_JWT_SECRET, controlToken, ...secretsInUrl(controlUrl)];
  noteSecrets([...tokens.values(), ...secret]);
  const trustedKeys = await checkCertificates(urls, budget.hosts);
  process.env[TRUSTED_KEYS_VARIABLE] = trustedKeys.join(',');
  process.env[PAGE_HOSTS_VARIABLE] = [...budget.hosts, ...budget.pageHosts, '127.0.0.1'].join(',');
  const aiMock = controlUrl === null ? null : new AiMockControl(controlUrl, controlToken);
  const { ceilings } = budget;
  return { aiMock, mockProcess, tokens, ceilings, http };
}

/** Two processes of the same code differ in speed, by some 2 %, and that evens out over several. */
const PROCESSES = 4;
/**
 * Without optimizing compilers. They work in the background, on guesses that differ from process to process: after a thousand requests, own
 * times of the same code differed by 30 %.
 */
const STEADY_CODE = ['--no-opt', '--no-maglev', '--always-sparkplug'];

/** A deployment as it is, or the embedded SalesTalk of a commit or the working tree, which is started. */
async function findSide(
  name: SideName,
  { tokens, mockProcess, ceilings }: Surroundings,
  { sources, candidateArgs, repository, resources }: OpenOptions,
): Promise<{ urls: string[]; tokens: Tokens; processes: StartedProcess[] }> {
  const source = sources[name];
  if (source.kind === 'url') return { urls: [source.url], tokens, processes: [] };
  if (mockProcess === null) throw differentModels('AI_MOCK_PORT is not set');
  const folder =
    source.kind === 'commit' ? resources.use(checkOut(source.commit, repository)).path : repository;
  const jwtSecret = randomBytes(32).toString('hex');
  const args = name === 'candidate' ? candidateArgs : [];
  // A deployment has its optimizing compilers too.
  const v8Flags = ceilings === null ? STEADY_CODE : [];
  const embedded = { jwtSecret, aiUrl: mockProcess.url, folder, v8Flags };
  const start = async (seed: number): Promise<StartedProcess> => {
    const seeded = { ...embedded, args: ['--seed', String(seed), ...args] };
    const process = await startEmbeddedSalesTalk(seeded).catch((error) => {
      throw error instanceof HarnessError && source.kind === 'commit'
        ? comparisonInvalid({
            ...error.details,
            summary: `The SalesTalk of the ${name}, ${source.shown}, does not start.`,
            expected: `one that starts with ${[...COMMON_ARGUMENTS, ...args].join(' ')} and the packages of this version`,
            remedy: 'It is older than compare can start, or broken: name another commit.',
          })
        : error;
    });
    resources.defer(() => process.stop());
    return process;
  };
  // All of them, even if one fails, so that each is stopped.
  const starts = await Promise.allSettled(Array.from({ length: PROCESSES }, (_, at) => start(at)));
  const processes = starts.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const made = await readTokens({ SALESTALK_JWT_SECRET: jwtSecret }, EMBEDDED_TENANTS, new Date());
  noteSecrets([jwtSecret, ...made.values()]);
  return { urls: processes.map(({ url }) => url), tokens: made, processes };
}

/** A deployment and an embedded SalesTalk can be compared only if one AI mock answers both. */
export function differentModels(found: string): HarnessError {
  return comparisonInvalid({
    summary: 'A deployment and an embedded SalesTalk can be compared only with the same AI mock.',
    found,
    expected: 'model calls of both at the AI mock that compare starts on AI_MOCK_PORT',
    remedy: 'Set AI_MOCK_PORT and point the deployment at it, or compare two URLs.',
  });
}

/** The checks name the variable that usually holds the URL. */
function nameSide(error: unknown, name: SideName): unknown {
  if (!(error instanceof HarnessError)) return error;
  const { summary, remedy, ...details } = error.details;
  return new HarnessError({
    ...details,
    summary: `The ${name}: ${summary}`,
    remedy: remedy.replaceAll('SALESTALK_API_URL', `--${name}`),
  });
}

function watchEnd(process: StartedProcess | null, name: string): () => string | null {
  let ended: string | null = null;
  process?.onExit(({ status }) => {
    ended = `${name} ended: ${status}`;
  });
  return () => ended;
}
