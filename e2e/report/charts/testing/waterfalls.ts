import type { Waterfall } from '../waterfallChart.ts';

const call = (attempt: number, fromMs: number, toMs: number, note: string) => ({
  label: `model: narrative, attempt ${attempt}`,
  segments: [{ name: 'call of the model', fromMs, toMs }],
  note,
});

/** An answer on a page whose model gave up twice. */
export const slowAnswer: Waterfall = {
  title: 'answer, request req-4711',
  totalMs: 4310.4,
  rows: [
    {
      label: 'answer on the page',
      segments: [
        { name: 'until the first words', fromMs: 0, toMs: 3904.2 },
        { name: 'until the last', fromMs: 3904.2, toMs: 4310.4 },
      ],
    },
    {
      label: 'request to the API',
      segments: [
        { name: 'queued', fromMs: 3.1, toMs: 5 },
        { name: 'DNS', fromMs: 5, toMs: 5 },
        { name: 'connect', fromMs: 5, toMs: 48.6 },
        { name: 'TLS', fromMs: 48.6, toMs: 131.9 },
        { name: 'sent', fromMs: 131.9, toMs: 132.2 },
        { name: 'waiting for the first byte', fromMs: 132.2, toMs: 3871.3 },
        { name: 'download', fromMs: 3871.3, toMs: 4290.8 },
      ],
    },
    {
      label: 'model: classification, attempt 1',
      segments: [{ name: 'call of the model', fromMs: 140.3, toMs: 498 }],
      note: 'answered',
    },
    call(1, 505.7, 2006.1, 'aborted by the caller'),
    call(2, 2118.4, 2119, 'status 503'),
    call(3, 2391, 4655.2, 'answered, after the caller had its answer'),
  ],
};

/** Hard cases: many rows, names of any length, bars that are too short to see, and a row that never began. */
export const hardToDraw: Waterfall = {
  title: `${'a title that does not end, '.repeat(8)}or does it`,
  totalMs: 30_000,
  rows: [
    {
      label: 'an operation with a label that is far too long for its column',
      segments: [{ name: 'everything '.repeat(6), fromMs: 0, toMs: 30_000 }],
      note: 'a note that is as long as the label of this row and goes on and on and on',
    },
    ...Array.from({ length: 16 }, (_, at) => ({
      label: at % 2 === 0 ? `Anfrage an 模型提供商，第 ${at} 次尝试，一个很长的标签` : `tiny ${at}`,
      segments: [
        { name: `kind ${at}`, fromMs: at * 1800, toMs: at * 1800 + at * 0.4 },
        { name: 'rest', fromMs: at * 1800 + at * 0.4, toMs: at * 1800 + at * 0.8 },
      ],
      note:
        at % 3 === 0 ? 'reset before any byte of the answer came, so that it was tried again' : '',
    })),
    { label: 'never began', segments: [], note: 'connection refused' },
  ],
};
