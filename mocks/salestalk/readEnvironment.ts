import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { StartError } from '../serverProcess.ts';
import type { AiSettings } from './api/ai/createAiProvider.ts';

const httpUrl = z.url({ protocol: /^https?$/, message: 'is not an http(s) URL' });

const schema = z.object({
  AI_PROVIDER: z.enum(['ollama', 'bedrock']).default('ollama'),
  OLLAMA_BASE_URL: httpUrl.default('http://localhost:11434'),
  OLLAMA_MODEL: z.string().default('llama3.1'),
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: httpUrl.optional(),
  BEDROCK_MODEL_ID: z.string().default('anthropic.claude-3-5-haiku-20241022-v1:0'),
  AWS_REGION: z.string().default('us-east-1'),
  SALESTALK_JWT_SECRET: z.string().optional(),
});

type Environment = z.infer<typeof schema>;

/** Reads the settings that stand in the environment. @throws StartError `ENVIRONMENT_INVALID` naming the variable */
export function readEnvironment(
  variables: Record<string, string | undefined>,
  mode: { demoSignIn: boolean },
): { ai: AiSettings; jwtSecret: string } {
  // An empty variable counts as not set.
  const set = Object.entries(variables).filter(([, value]) => value?.trim());
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`${issue?.path.join('.')}: ${issue?.message}.`);
  }
  return {
    ai: readAiSettings(parsed.data),
    jwtSecret: readJwtSecret(parsed.data, mode.demoSignIn),
  };
}

function readAiSettings(given: Environment): AiSettings {
  if (given.AI_PROVIDER === 'ollama') {
    return { provider: 'ollama', baseUrl: given.OLLAMA_BASE_URL, model: given.OLLAMA_MODEL };
  }
  const endpoint = given.AWS_ENDPOINT_URL_BEDROCK_RUNTIME;
  if (endpoint === undefined) {
    // Without it the SDK would call, and bill, the real Bedrock.
    throw invalid(
      'AI_PROVIDER=bedrock needs AWS_ENDPOINT_URL_BEDROCK_RUNTIME, the URL of an AI mock.',
    );
  }
  const { AWS_REGION: region, BEDROCK_MODEL_ID: modelId } = given;
  return { provider: 'bedrock', endpoint, region, modelId };
}

function readJwtSecret(given: Environment, demoSignIn: boolean): string {
  if (given.SALESTALK_JWT_SECRET !== undefined) return given.SALESTALK_JWT_SECRET;
  // With demo sign-in this process makes the tokens, so no other needs the secret.
  if (demoSignIn) return randomBytes(32).toString('hex');
  throw invalid(
    'SALESTALK_JWT_SECRET is not set. Set it to the HS256 secret of the tokens, or use --demo-sign-in.',
  );
}

const invalid = (message: string): StartError => new StartError('ENVIRONMENT_INVALID', message);
