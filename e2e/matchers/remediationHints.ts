import type { Objective } from '../core/budget/objective.ts';

const IN_THE_LOG = 'Find these requests in the log of the target by their request ids';

/** Where to look first for the cause of a missed objective. */
export function remediationHint(objective: Objective): string {
  const hint = REMEDIATION_HINTS[objective.metric];
  return typeof hint === 'string' ? hint : hint(objective);
}

const REMEDIATION_HINTS: Record<Objective['metric'], string | ((objective: Objective) => string)> =
  {
    latency: ({ operation, fault }) => {
      if (operation === 'coldStart') {
        return 'Record a profile of a start (node --cpu-prof): modules and connections that the first answer does not need can come later.';
      }
      return fault === null
        ? `${IN_THE_LOG}; ${operation}.ownTime says whether the model or the target itself was slow.`
        : `${IN_THE_LOG}, and subtract the time that the model was set to take: the rest is the target's own.`;
    },
    firstChunk: `${IN_THE_LOG}.`,
    ownTime:
      "The model's time is already left out: look at what the target does before, between and after its calls of the model.",
    metadata: 'Compare the figures that these answers report with what the harness measured.',
    availability: `${IN_THE_LOG}.`,
    modelCalls: 'Look for retries and duplicate calls: each call of the model costs money.',
    isolation:
      'Treat it as a breach: look for what requests of several tenants share, such as a cache, a session or a connection without the tenant of the token in its key.',
    fairness:
      'Look for what makes all tenants wait while one of them sends many requests: a lock, a connection pool, a queue without a share for each tenant.',
    answered:
      'See how the target handled the failed call of the model: whether, how often and how long it retried, and whether its time-out is shorter than the model needs.',
    timeout:
      'Look for the time-out of the HTTP client that calls the model: it is missing, longer than the objective, or restarts with each attempt or byte.',
    refusal:
      'Add up how long the target tries: the time-out of an attempt times the number of attempts, and the waits between them. It needs a limit on the whole.',
    released:
      'Look at what happens to the call of the model when its time-out fires: the caller gets an answer, but the call must also be aborted, or it keeps its connection.',
    page: 'Open the page, ask while the model hangs, and see what the page does: an error of the API, or a time-out of the page, must end in an alert with a way to try again.',
    workStops:
      'Check whether the target notices that the caller closed the connection, and aborts the call of the model: otherwise the whole call is paid for.',
    retried:
      'Look at what the target does when a call of the model fails with a time-out, 429 or 5xx: it gives up at once instead of retrying.',
    attempts:
      'Look for the limit on attempts, for a second layer of retries (an SDK has its own), and for retries that cannot succeed, such as after a 400 or after part of the answer was shown.',
    attemptRate:
      'Look for attempts without a wait between them, or several loops that retry the same request.',
    gapGrowth:
      'Look at how the wait before an attempt is calculated: it should double each time (100, 200, 400 ms and so on), but hardly grows.',
    jitter:
      'Look for the random part of the wait before an attempt: without it, requests that failed together are retried together.',
    retryAfter:
      'Check whether the target reads the Retry-After of a 429, in seconds and as a date, and whether it replaces a shorter wait.',
    recovery:
      'Look for what outlasts the outage: a circuit breaker that stays open, waits that have grown, dead connections in the pool.',
    contract:
      'Compare these answers with the error format of the contract: status, "error", "message" and "requestId".',
    secrecy:
      'Look for the code that builds error messages: addresses, provider responses and tokens belong in the log only.',
    soundness:
      'Look for where an answer of the model is parsed: anything malformed, cut off or out of range must end in a 502, not in an answer.',
    blocking:
      'Record the page with the Performance panel of the browser while it answers: its longest tasks kept the main thread busy.',
    chunkGap:
      'See in the waterfall whether the pieces came late or were drawn late: a proxy that buffers, or a long task of the page.',
    missedFrames:
      'Look for work that each piece of the answer repeats, such as a layout or a paint of the whole page.',
    insight: ({ operation }) =>
      `Look at each step: the visit, the sign-in and the answer have objectives of their own, such as those of ${operation}.`,
    streaming:
      'Look for what holds the stream back: a proxy or a compression that buffers, or a page that draws only when the answer is complete.',
    requests:
      'Open the Network panel of the browser, do the same by hand, and look for requests that are not needed.',
    connection:
      'Look for what closes connections: a "Connection: close", a keep-alive shorter than the pause between questions, a different host name for the API.',
    weight:
      'Look at the largest files of a visit: scripts that are not split or minified, images in an old format, answers without compression.',
    caching:
      'Look at Cache-Control and ETag of these files: a file with a hash in its name can be cached forever.',
    ttfb: 'Look at what comes before the first byte: redirects, a new connection, a server that renders before it answers.',
    fcp: 'Look for what blocks the first paint: scripts and styles in the head, fonts.',
    lcp: 'Look at which element was the largest, and what it waited for: a script or style in the head, an image that was discovered late, data fetched first.',
    tbt: 'Look for long tasks while the page loads: large scripts, or scripts that run at once.',
    inp: 'Look at what the page does on a click or key before it paints: long handlers, work that could wait for the next frame.',
    cls: 'Look for what moves the page: content that arrives late without reserved space, such as a chart, an image without a size, a font.',
    unusedBytes: 'Load what a visit needs first; the rest can come later.',
    totalBytes: 'Look at the largest files in the report of Lighthouse that is linked.',
    score: 'Open the report of Lighthouse that is linked: it lists what costs the most points.',
    accessibility: 'Open the report of Lighthouse that is linked: it names the elements.',
    bestPractices: 'Open the report of Lighthouse that is linked: it names what it found.',
    footprint: 'Compare heap snapshots before and after: the largest retainers come first.',
    growth:
      'Take heap snapshots before and after some uses and compare them: objects that grew in number, and what retains them, are the leak.',
    nodeGrowth:
      'Look for nodes that were removed from the page and are still referenced by a variable, a closure or a listener.',
    documentGrowth:
      'Look for frames and documents that are created and kept: their number should return to its start.',
    listenerGrowth:
      'Look for addEventListener without its counterpart: each use adds listeners that are never removed.',
    serviceTime: `${IN_THE_LOG}.`,
    stall:
      'Look for what stops the whole process for a while: a long garbage collection, synchronous work, a lock, a periodic job.',
    latencyGrowth:
      'Look for what grows with every request: a list that is searched, a table without an index, a queue that never empties.',
    rate: 'See in the table of the load which process ran out of CPU at the knee, and whether own time grew with the rate. If neither did, requests waited for a scarce resource, such as connections or a lock.',
  };
