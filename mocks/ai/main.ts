import process from 'node:process';
import { runServer } from '../serverProcess.ts';
import { readCommandLine, USAGE } from './commandLine.ts';
import { startAiMock } from './startAiMock.ts';

await runServer(async () => {
  const options = readCommandLine(process.argv.slice(2), process.env);
  if (options === 'help') return USAGE;
  const { url, controlUrl, stop } = await startAiMock(options);
  const hint = `The AI mock serves Ollama and Bedrock. Point SalesTalk at it with one of
  AI_PROVIDER=ollama  OLLAMA_BASE_URL=${url}
  AI_PROVIDER=bedrock AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${url}
${controlUrl === null ? 'No control listener: AI_MOCK_CONTROL_TOKEN is not set.' : `Let the harness control it with AI_MOCK_CONTROL_URL=${controlUrl}`}
Ctrl-C ends it.
`;
  return { name: 'ai-mock', url, controlUrl, hint, stop };
});
