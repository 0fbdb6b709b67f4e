import { type FakeServer, readText } from '../probes/testing/fakeServer.ts';
import { testPage } from '../probes/testing/testPage.ts';
import type { FakeAiMock, FakeCall } from './fakeAiMock.ts';

/** What each page shows in place of an answer, by its path. */
export const ENDINGS = {
  '/tells': '<div role="alert"><p>It could not be written.</p></div><button>Try again</button>',
  '/tells-inside': '<div role="alert">It could not be written. <button>Try again</button></div>',
  '/silent': '<p>Still writing.</p><div role="alert"></div>',
  '/button-alone': '<div role="alert"><button>Try again</button></div>',
  '/no-retry': '<div role="alert">It could not be written.</div>',
  '/hidden': '<div role="alert" hidden>It could not be written.</div><button>Try again</button>',
  '/elsewhere': '',
} as const;

/** A chat with these endings of an answer. Each question is an open call of a model that hangs. */
export function hungPages(aiMock: FakeAiMock): Promise<FakeServer> {
  const calls: FakeCall[] = [];
  const pages = Object.entries(ENDINGS).map(([path, ending]) => [path, pageOf(ending)]);
  return testPage({
    ...Object.fromEntries(pages),
    '/asked': async (request, response) => {
      const [, scope = '', index] =
        /\[ref:([0-9a-f]{8})-(\d+)\]/.exec(await readText(request)) ?? [];
      calls.push({ scope, index: Number(index), fault: 'hang' });
      aiMock.open(...calls);
      response.end();
    },
  });
}

function pageOf(ending: string): string {
  return `<!doctype html><title>Chat</title>
<label>Access token <input id="token"></label><button id="enter">Sign in</button>
<main hidden><label>Ask a question <input id="question"></label><button id="ask">Ask</button></main>
<div role="alert">Elsewhere on the page. <button>Try again</button></div>
<script>
  const [main] = document.getElementsByTagName('main');
  enter.onclick = () => { main.hidden = token.value === ''; };
  ask.onclick = async () => {
    const article = document.createElement('article');
    article.ariaLabel = 'Answer to: ' + question.value;
    // An ending that tells too little is there from the start, so that no check can come too early for it.
    const ending = ${JSON.stringify(ending)};
    const tells = location.pathname.startsWith('/tells');
    if (!tells) article.innerHTML = ending;
    document.body.append(article);
    // With "deaf" the page never asks its service.
    if (!location.search.includes('deaf')) await fetch('/asked', { method: 'POST', body: question.value });
    if (tells) article.innerHTML = ending;
  };
</script>`;
}
