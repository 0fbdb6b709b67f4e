import type { RequestListener } from 'node:http';
import type { FakeServer } from '../../testing/fakeServer.ts';
import { testPage } from '../../testing/testPage.ts';

/** Faults that Lighthouse must see, each in its own value. */
export const PLANTED_FAULTS = [
  'renderBlocking',
  'oversizedScript',
  'layoutShift',
  'lateElement',
  'longTask',
] as const;
type PlantedFault = (typeof PLANTED_FAULTS)[number];

/** A page of a heading, some text, a small script and a style sheet, with the planted faults. */
export function faultyPage(faults: readonly PlantedFault[]): Promise<FakeServer> {
  const file = (type: string, body: string | Buffer, delayMs = 0): RequestListener => {
    return (_, response) => {
      setTimeout(() => {
        response.writeHead(200, { 'content-type': type });
        response.end(body);
      }, delayMs);
    };
  };
  return testPage({
    '/': html(faults),
    '/style.css': file('text/css', 'body{font:16px sans-serif;margin:2rem}h1{color:#222}'),
    '/app.js': file('text/javascript', appScript(faults)),
    '/blocking.js': file('text/javascript', 'document.title+="!"', 400),
    '/picture.bmp': file('image/bmp', noise(600, 500), 800),
  });
}

function html(faults: readonly PlantedFault[]): string {
  const blocking = faults.includes('renderBlocking') ? '<script src="/blocking.js"></script>' : '';
  const picture = faults.includes('lateElement')
    ? '<img alt="" width="600" height="500" id="picture">'
    : '';
  return `<!doctype html><html lang="en"><head><title>Page</title>
<meta name="viewport" content="width=device-width"><meta name="description" content="A page">
<link rel="icon" href="data:,">${blocking}<link rel="stylesheet" href="/style.css">
<script src="/app.js" defer></script></head>
<body><main><h1>Page</h1><p>${'Some words to read. '.repeat(30)}</p>
<button id="go">Go</button><p id="said"></p>${picture}</main></body></html>`;
}

function appScript(faults: readonly PlantedFault[]): string {
  const has = (fault: PlantedFault): boolean => faults.includes(fault);
  const busy = (ms: number): string =>
    `const until=performance.now()+${ms};while(performance.now()<until);`;
  return [
    `document.getElementById('go').onclick=()=>{${busy(200)}document.getElementById('said').textContent='Done'};`,
    has('lateElement') ? `document.getElementById('picture').src='/picture.bmp';` : '',
    has('longTask') ? `setTimeout(()=>{${busy(500)}},300);` : '',
    has('layoutShift')
      ? `setTimeout(()=>{const b=document.createElement('div');b.id='banner';b.style.height='400px';document.body.prepend(b)},300);`
      : '',
    has('oversizedScript') ? unusedFunctions(3000) : '',
  ].join('');
}

function unusedFunctions(count: number): string {
  const name = 'b'.repeat(8);
  return Array.from(
    { length: count },
    (_, at) => `function f${at}(a,${name}){return(a*31+${name})%97};`,
  ).join('');
}

/** A picture that does not compress and whose every pixel counts: a picture of few bits per pixel is no largest contentful paint. */
function noise(width: number, height: number): Buffer {
  const header = Buffer.alloc(54);
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0, state = 1; at < pixels.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[at] = state >>> 24;
  }
  header.write('BM');
  header.writeUInt32LE(header.length + pixels.length, 2);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, pixels]);
}
