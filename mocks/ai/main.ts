import process from 'node:process';
import { announce, exitWithParent } from '../childProcess.ts';
import { readCommandLine, USAGE } from './commandLine.ts';
import { StartError } from './server/listen.ts';
import { startAiMock } from './startAiMock.ts';

try {
  const options = readCommandLine(process.argv.slice(2), process.env);
  if (options === 'help') process.stdout.write(USAGE);
  else {
    const { url, controlUrl, stop } = await startAiMock(options);
    exitWithParent(stop);
    announce({ name: 'ai-mock', url, ...(controlUrl === null ? {} : { controlUrl }) });
    if (process.env.EXIT_WITH_PARENT !== '1') process.stderr.write(hint(url, controlUrl));
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

function hint(url: string, controlUrl: string | null): string {
  return `The AI mock serves Ollama and Bedrock. Point SalesTalk at it with one of
  AI_PROVIDER=ollama  OLLAMA_BASE_URL=${url}
  AI_PROVIDER=bedrock AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${url}
${controlUrl === null ? 'No control listener: AI_MOCK_CONTROL_TOKEN is not set.' : `Let the harness control it with AI_MOCK_CONTROL_URL=${controlUrl}`}
Ctrl-C ends it.
`;
}
