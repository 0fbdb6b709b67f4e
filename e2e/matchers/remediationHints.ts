import type { Objective } from '../core/budget/objective.ts';

const IN_THE_LOG = 'Find these requests in the log of the target by their request ids';

const AT_THE_START =
  'Record a profile of a start (node --cpu-prof): modules and connections that the first answer does not need can come later.';

const FIND_THE_CAUSE: Record<Objective['metric'], (objective: Objective) => string> = {
  latency: ({ operation, fault }) => {
    if (operation === 'coldStart') return AT_THE_START;
    return fault === null
      ? `${IN_THE_LOG}; ${operation}.ownTime says whether the model was slow or the target itself.`
      : `${IN_THE_LOG}, and take the time that the model was told to take off what they took: the rest is the target's own.`;
  },
  firstChunk: () => `${IN_THE_LOG}.`,
  ownTime: () =>
    "The model's time is already left out: look for what the target does before, between and after its calls of the model.",
  metadata: () => 'Compare what these answers report of themselves with what the harness measured.',
  availability: () => `${IN_THE_LOG}.`,
  modelCalls: () =>
    'Look for retries and calls that are made twice; each call of the model is a cost.',
  isolation: () =>
    'Treat it as a breach: look for what requests of several tenants share, such as a cache, a session or a connection that is not keyed by the tenant of the token.',
  fairness: () =>
    'Look for what all tenants wait in line for while one of them asks a lot: a lock, a pool of connections, a queue without a share for each tenant.',
  answered: () =>
    'See what the target did with the failed call of the model: whether it tried again, how often and how long, and whether its time-out is shorter than the model needs.',
  timeout: () =>
    'Look for the time-out of the HTTP client that calls the model: it is missing, longer than the objective, or starts anew with each attempt or byte.',
  refusal: () =>
    'Add up what the target allows itself before it gives up: the time-out of an attempt times the attempts, and the waits between them; a limit on the whole is what is missing.',
  released: () =>
    'Look at what happens to the call of the model when its time-out fires: the caller is answered, but the request itself must be aborted, or its connection stays taken.',
  page: () =>
    'Open the page, ask while the model hangs, and see what becomes of the answer: the error of the API, or a time-out of its own, must end in an alert with a way to try again.',
  workStops: () =>
    "Look for whether the target notices that its caller's connection was closed, and passes that on to the call of the model, which is paid for to its end otherwise.",
  retried: () =>
    'Look for what the target does when a call of the model fails with a time-out, 429 or 5xx: it gives up at once where it should try again.',
  attempts: () =>
    'Look for the limit on attempts, for a second layer that retries on top (an SDK has retries of its own), and for what is retried that cannot heal, such as a 400 or an answer already shown in part.',
  attemptRate: () =>
    'Look for attempts that follow one another without a wait, or several loops that retry the same request.',
  gapGrowth: () =>
    'Look at how the wait before an attempt is calculated: it should double with each (100, 200, 400 ms and so on), and stays the same or nearly so.',
  jitter: () =>
    'Look for the random part of the wait before an attempt: without it, all requests that failed together come back together.',
  retryAfter: () =>
    'Look for whether the Retry-After of a 429 is read, in seconds and as a date, and whether it replaces a shorter wait.',
  recovery: () =>
    'Look for what outlives the outage: a breaker that opens for too long, waits that have grown, connections that are dead and still in the pool.',
  contract: () =>
    'Compare these answers with the form that the contract gives to errors: status, "error", "message" and "requestId".',
  secrecy: () =>
    'Look for where the message of an error is put together: an address, a body of the provider or a token must stay in the log.',
  soundness: () =>
    'Look for where an answer of the model is parsed: whatever is malformed, cut off or out of range must end in a 502, and not in an answer.',
  blocking: () =>
    'Record the page with the Performance panel of the browser while it answers: its longest tasks are what the main thread was busy with.',
  chunkGap: () =>
    'See in the waterfall whether the pieces came late or were drawn late: a proxy that buffers, or a long task of the page.',
  missedFrames: () =>
    'Look for what is done anew with each piece of the answer: a page that is laid out or drawn as a whole.',
  insight: ({ operation }) =>
    `Take the steps apart: the visit, the sign-in and the answer have objectives of their own, such as those of ${operation}.`,
  streaming: () =>
    'Look for what holds the stream back: a proxy or a compression that buffers, or a page that draws once all is there.',
  requests: () =>
    'Open the Network panel of the browser, do the same by hand, and see which requests are made beside those that it takes.',
  connection: () =>
    'Look for what closes connections: a "Connection: close", a keep-alive shorter than the pause between questions, another host name for the API.',
  weight: () =>
    'Look at the largest files of a visit: scripts that are not split or minified, images in an old format, answers without compression.',
  caching: () =>
    'Look at Cache-Control and ETag of these files: a name with a hash in it can be kept for ever.',
  ttfb: () =>
    'Look at what comes before the first byte: redirects, a connection that is opened, a server that renders before it answers.',
  fcp: () => 'Look for what blocks the first paint: scripts and styles in the head, fonts.',
  lcp: () =>
    'Look at which element was the largest, and what it waited for: a script or style in the head, an image that was found late, data fetched first.',
  tbt: () => 'Look for long tasks while the page loads: scripts that are large or run at once.',
  inp: () =>
    'Look for what the page does on a click or key before it paints: long handlers, work that could wait for the next frame.',
  cls: () =>
    'Look for what moves the page: content that comes late without a place kept for it, such as a chart, an image without a size, a font.',
  unusedBytes: () => 'Split what is loaded by what a visit needs: the rest can come later.',
  totalBytes: () => 'Look at the largest files in the report of Lighthouse that is linked.',
  score: () => 'Open the report of Lighthouse that is linked: it lists what costs the most points.',
  accessibility: () => 'Open the report of Lighthouse that is linked: it names the elements.',
  bestPractices: () => 'Open the report of Lighthouse that is linked: it names what it found.',
  footprint: () =>
    'Compare heap snapshots before and after: what holds the memory is at their top.',
  growth: () =>
    'Take heap snapshots before and after some uses and compare them: what grew in number, and what holds it, is the leak.',
  nodeGrowth: () =>
    'Look for parts of the page that are taken out and still held: by a variable, a closure or a listener.',
  documentGrowth: () =>
    'Look for frames and documents that are made anew and kept: their number should return to what it was.',
  listenerGrowth: () =>
    'Look for addEventListener without its counterpart: each use adds listeners that nobody takes off.',
  serviceTime: () => `${IN_THE_LOG}.`,
  stall: () =>
    'Look for what stops the whole process for a while: a long pause of the garbage collector, synchronous work, a lock, a job that runs every so often.',
  latencyGrowth: () =>
    'Look for what gets longer with every request: a list that is searched, a table without an index, a queue that is never empty.',
  rate: () =>
    'See in the table of the load which process ran out of CPU at the knee, and whether its own time grew with the rate: if neither did, requests waited for something there are few of, such as connections or a lock.',
};

/** Where to look first for the cause of a miss. */
export function findTheCause(objective: Objective): string {
  return FIND_THE_CAUSE[objective.metric](objective);
}
