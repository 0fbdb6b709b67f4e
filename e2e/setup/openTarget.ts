import { randomBytes } from 'node:crypto';
import type { Budget } from '../core/budget/budgetSchema.ts';
import { HarnessError } from '../core/harnessError.ts';
import type { ExitLine } from '../core/record/recordLine.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { SEED_TENANTS } from '../salestalk/questions.ts';
import { EMBEDDED_TENANTS, startAiMock, startEmbeddedSalesTalk } from './embedded.ts';
import { isLoopback, refuseForeignHost, type TargetVariables } from './readEnvironment.ts';
import type { RunContext } from './runContext.ts';
import type { StartedProcess } from './startProcess.ts';
import type { TokenSource } from './tokens.ts';

/** A target that is ready to be checked, with the processes that were started for it. */
export type OpenTarget = {
  target: RunContext['target'];
  /** Secrets for the workers, by the name of their environment variable. */
  secrets: Record<string, string>;
  tokenSource: TokenSource;
  processes: OwnProcesses;
};

type OwnProcesses = Partial<Record<ExitLine['process'], StartedProcess>>;

type OpenTargetOptions = {
  name: string;
  budget: Budget;
  budgetFile: string;
  variables: TargetVariables;
};

/** Starts the processes of a target, if the harness has to. @throws HarnessError, with no process left running */
export function openTarget(options: OpenTargetOptions): Promise<OpenTarget> {
  const { embedded } = options.budget;
  return embedded === undefined ? openDeployed(options) : openEmbedded(options, embedded.flavour);
}

async function openEmbedded(
  { name, budget, budgetFile, variables }: OpenTargetOptions,
  flavour: string,
): Promise<OpenTarget> {
  const given = variables.SALESTALK_API_URL ?? variables.SALESTALK_UI_URL;
  if (given !== undefined) {
    throw new HarnessError({
      code: 'ENVIRONMENT_INVALID',
      summary: `The target "${name}" is the embedded SalesTalk, which the harness starts itself (${budgetFile} says so).`,
      file: 'SALESTALK_API_URL, SALESTALK_UI_URL',
      found: given,
      expected: 'neither of them',
      remedy: 'To drive a running SalesTalk, name another target: SALESTALK_TARGET=dev, for one.',
    });
  }
  refuseHttp2WithoutTls(budget, budgetFile, 'http://127.0.0.1, the embedded SalesTalk');
  const controlToken = randomBytes(24).toString('hex');
  const jwtSecret = randomBytes(32).toString('hex');
  const aiMock = await startAiMock({ port: variables.AI_MOCK_PORT ?? 0, controlToken });
  const embedded = { aiUrl: aiMock.url, args: ['--flavour', flavour] };
  const salestalk = await startEmbeddedSalesTalk({ jwtSecret, ...embedded }).catch(
    async (error) => {
      await aiMock.stop();
      throw isFlavourRefused(error) ? unknownFlavour(error, budgetFile) : error;
    },
  );
  return {
    target: {
      name,
      apiUrl: salestalk.url,
      uiUrl: salestalk.url,
      ...copyTargetSettings(budget),
      supports: budget.supports,
      aiMockControlUrl: aiMock.controlUrl ?? null,
      embedded,
      tenants: [...EMBEDDED_TENANTS],
    },
    secrets: { AI_MOCK_CONTROL_TOKEN: controlToken },
    tokenSource: { SALESTALK_JWT_SECRET: jwtSecret },
    processes: { target: salestalk, aiMock },
  };
}

function isFlavourRefused(error: unknown): error is HarnessError {
  return error instanceof HarnessError && error.details.found?.includes('--flavour') === true;
}

/** Names the budget, where the mistake is, and not the program that was started. */
function unknownFlavour({ details }: HarnessError, file: string): HarnessError {
  return new HarnessError({
    ...details,
    file,
    path: 'embedded → flavour',
    expected: 'a flavour that the embedded SalesTalk has',
    remedy: `Name another flavour in ${file}.`,
  });
}

async function openDeployed(options: OpenTargetOptions): Promise<OpenTarget> {
  const { name, budget, budgetFile, variables } = options;
  const apiUrl = variables.SALESTALK_API_URL ?? null;
  const uiUrl = variables.SALESTALK_UI_URL ?? null;
  if (apiUrl === null && uiUrl === null) {
    throw new HarnessError({
      code: 'ENVIRONMENT_INVALID',
      summary: `It is not configured where the target "${name}" runs.`,
      file: `.env.${name}, or the environment`,
      found: 'neither SALESTALK_API_URL nor SALESTALK_UI_URL',
      expected: 'at least one of them',
      remedy: `Copy .env.example to .env.${name} and fill it in.`,
    });
  }
  const { AI_MOCK_CONTROL_URL: controlUrl } = variables;
  const drivenUrls = {
    SALESTALK_API_URL: apiUrl,
    SALESTALK_UI_URL: uiUrl,
    AI_MOCK_CONTROL_URL: controlUrl === undefined || isLoopback(controlUrl) ? null : controlUrl,
  };
  for (const [variable, url] of Object.entries(drivenUrls)) {
    if (url !== null) refuseForeignHost(url, variable, budget.hosts, budgetFile);
  }
  if (apiUrl?.startsWith('http:')) refuseHttp2WithoutTls(budget, budgetFile, apiUrl);
  const aiMock = await openAiMock(variables);
  return {
    target: {
      name,
      apiUrl,
      uiUrl,
      ...copyTargetSettings(budget),
      supports: {
        ...budget.supports,
        api: budget.supports.api && apiUrl !== null,
        ui: budget.supports.ui && uiUrl !== null,
        mockedAi: budget.supports.mockedAi && aiMock.controlUrl !== null,
      },
      aiMockControlUrl: aiMock.controlUrl,
      embedded: null,
      tenants: variables.SALESTALK_TENANTS?.split(',') ?? [...SEED_TENANTS],
    },
    secrets: aiMock.secrets,
    tokenSource: variables,
    processes: aiMock.processes,
  };
}

/** HTTP/2 is negotiated by TLS (ALPN). @throws HarnessError BUDGET_INVALID */
function refuseHttp2WithoutTls({ http }: Budget, file: string, found: string): void {
  if (http !== '2') return;
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: 'HTTP/2 needs TLS, and the API URL has none.',
    file,
    path: 'http',
    found: `"2", and ${found}`,
    expected: 'an API URL that begins with https://, or "http": "1.1"',
    remedy: `Remove "http" from ${file}, or set SALESTALK_API_URL to a URL that begins with https://.`,
  });
}

/** The settings that a budget gives its target, however the target is started. */
function copyTargetSettings({ http, ceilings, loads }: Budget) {
  const described = Object.entries(loads).filter(([, load]) => load !== undefined);
  return { http, ceilings, loads: Object.fromEntries(described) as RunContext['target']['loads'] };
}

/** An AI mock that runs already, or one that is started on the port that the deployment calls, or none. */
async function openAiMock(
  variables: TargetVariables,
): Promise<{ controlUrl: string | null } & Pick<OpenTarget, 'secrets' | 'processes'>> {
  const { AI_MOCK_CONTROL_URL: url, AI_MOCK_CONTROL_TOKEN: given = '' } = variables;
  if (url !== undefined) {
    await new AiMockControl(url, given).check();
    return { controlUrl: url, secrets: { AI_MOCK_CONTROL_TOKEN: given }, processes: {} };
  }
  const { AI_MOCK_PORT: port } = variables;
  if (port === undefined) return { controlUrl: null, secrets: {}, processes: {} };
  const controlToken = randomBytes(24).toString('hex');
  const aiMock = await startAiMock({ port, controlToken });
  const secrets = { AI_MOCK_CONTROL_TOKEN: controlToken };
  return { controlUrl: aiMock.controlUrl ?? null, secrets, processes: { aiMock } };
}
