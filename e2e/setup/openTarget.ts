import { randomBytes } from 'node:crypto';
import type { Budget } from '../core/budget/budgetSchema.ts';
import { HarnessError } from '../core/harnessError.ts';
import type { ExitLine } from '../core/record/recordLine.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { SEED_TENANTS } from '../salestalk/questions.ts';
import type { StartedProcess } from './embedded.ts';
import { EMBEDDED_TENANTS, startAiMock, startEmbeddedSalesTalk } from './embedded.ts';
import type { TargetVariables } from './readEnvironment.ts';
import { isLoopback, refuseForeignHost } from './readEnvironment.ts';
import type { RunContext } from './runContext.ts';
import type { TokenSource } from './tokens.ts';

/** A target that is ready to be checked, and the processes of ours behind it. */
export type OpenTarget = {
  target: RunContext['target'];
  /** Secrets for the workers, by the name of the variable that carries each. */
  secrets: Record<string, string>;
  /** Where its tokens come from. */
  tokenSource: TokenSource;
  processes: OwnProcesses;
};

type OwnProcesses = Partial<Record<ExitLine['process'], StartedProcess>>;

export type OpenTargetOptions = {
  name: string;
  budget: Budget;
  budgetFile: string;
  variables: TargetVariables;
};

/** Starts what is ours of the target and finds the rest. @throws HarnessError, with nothing left running */
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
  const starting = startEmbeddedSalesTalk({ jwtSecret, ...embedded });
  const salestalk = await starting.catch(async (error) => {
    await aiMock.stop();
    throw error;
  });
  return {
    target: {
      name,
      apiUrl: salestalk.url,
      uiUrl: salestalk.url,
      http: budget.http,
      supports: budget.supports,
      aiMockControlUrl: aiMock.controlUrl ?? null,
      embedded,
      ceilings: budget.ceilings,
      loads: loadsOf(budget),
      tenants: [...EMBEDDED_TENANTS],
    },
    secrets: { AI_MOCK_CONTROL_TOKEN: controlToken },
    tokenSource: { SALESTALK_JWT_SECRET: jwtSecret },
    processes: { target: salestalk, aiMock },
  };
}

async function openDeployed(options: OpenTargetOptions): Promise<OpenTarget> {
  const { name, budget, budgetFile, variables } = options;
  const apiUrl = variables.SALESTALK_API_URL ?? null;
  const uiUrl = variables.SALESTALK_UI_URL ?? null;
  if (apiUrl === null && uiUrl === null) {
    throw new HarnessError({
      code: 'ENVIRONMENT_INVALID',
      summary: `Nothing says where the target "${name}" runs.`,
      file: `.env.${name}, or the environment`,
      found: 'neither SALESTALK_API_URL nor SALESTALK_UI_URL',
      expected: 'at least one of them',
      remedy: `Copy .env.example to .env.${name} and fill it in.`,
    });
  }
  if (apiUrl !== null) refuseForeignHost(apiUrl, 'SALESTALK_API_URL', budget.hosts, budgetFile);
  if (apiUrl?.startsWith('http:')) refuseHttp2WithoutTls(budget, budgetFile, apiUrl);
  if (uiUrl !== null) refuseForeignHost(uiUrl, 'SALESTALK_UI_URL', budget.hosts, budgetFile);
  const { AI_MOCK_CONTROL_URL: controlUrl } = variables;
  if (controlUrl !== undefined && !isLoopback(controlUrl))
    refuseForeignHost(controlUrl, 'AI_MOCK_CONTROL_URL', budget.hosts, budgetFile);
  const aiMock = await openAiMock(variables);
  return {
    target: {
      name,
      apiUrl,
      uiUrl,
      http: budget.http,
      supports: {
        ...budget.supports,
        api: budget.supports.api && apiUrl !== null,
        ui: budget.supports.ui && uiUrl !== null,
        mockedAi: budget.supports.mockedAi && aiMock.controlUrl !== null,
      },
      aiMockControlUrl: aiMock.controlUrl,
      embedded: null,
      ceilings: budget.ceilings,
      loads: loadsOf(budget),
      tenants: variables.SALESTALK_TENANTS?.split(',') ?? [...SEED_TENANTS],
    },
    secrets: aiMock.controlToken === null ? {} : { AI_MOCK_CONTROL_TOKEN: aiMock.controlToken },
    tokenSource: variables,
    processes: aiMock.processes,
  };
}

/** HTTP/2 is agreed on while TLS is set up. @throws HarnessError BUDGET_INVALID */
function refuseHttp2WithoutTls({ http }: Budget, file: string, found: string): void {
  if (http !== '2') return;
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: 'HTTP/2 takes TLS, which the API is not reached by.',
    file,
    path: 'http',
    found: `"2", and ${found}`,
    expected: 'an API URL that begins with https://, or "http": "1.1"',
    remedy: `Remove "http" from ${file}, or set SALESTALK_API_URL to a URL that begins with https://.`,
  });
}

function loadsOf({ loads }: Budget): RunContext['target']['loads'] {
  const described = Object.entries(loads).filter(([, load]) => load !== undefined);
  return Object.fromEntries(described) as RunContext['target']['loads'];
}

type OpenAiMock = {
  controlUrl: string | null;
  controlToken: string | null;
  processes: OwnProcesses;
};

/** A mock that runs already, or one of ours on the port that the deployment calls, or none. */
async function openAiMock(variables: TargetVariables): Promise<OpenAiMock> {
  const { AI_MOCK_CONTROL_URL: url, AI_MOCK_CONTROL_TOKEN: token, AI_MOCK_PORT: port } = variables;
  if (url !== undefined) {
    await new AiMockControl(url, token ?? '').check();
    return { controlUrl: url, controlToken: token ?? '', processes: {} };
  }
  if (port === undefined) return { controlUrl: null, controlToken: null, processes: {} };
  const controlToken = randomBytes(24).toString('hex');
  const aiMock = await startAiMock({ port, controlToken });
  return { controlUrl: aiMock.controlUrl ?? null, controlToken, processes: { aiMock } };
}
