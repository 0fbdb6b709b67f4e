import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { raw } from 'hono/html';
import { z } from 'zod';
import { parseJson } from '../../core/readJson.ts';
import type { LineOf, MeasurementLine } from '../../core/record/measurementLine.ts';
import { formatValue } from '../../core/verdict/format.ts';
import { type Html, html, table } from './template.ts';

type Audit = LineOf<'audit'>;

/** Runs of Lighthouse that are listed. */
const MOST_AUDITS = 20;
const MOST_FRAMES = 10;

/**
 * The scores of Lighthouse's runs with links to its reports, and what the median run of them showed over its time.
 * @param reportDir where the reports are; null: nowhere
 */
export function auditsPart(
  lines: readonly MeasurementLine[],
  reportDir: string | null,
): Html | null {
  const audits = lines.filter((line) => line.type === 'audit');
  if (audits.length === 0) return null;
  const fileOf = ({ report }: Audit): string | null => {
    const file = path.join(reportDir ?? '', report ?? '');
    return reportDir !== null && report !== undefined && existsSync(file) ? file : null;
  };
  const used = COLUMNS.filter(({ key }) => audits.some(({ values }) => values[key] !== undefined));
  const rows = audits.slice(0, MOST_AUDITS).map((audit) => [
    String(audit.index + 1),
    ...used.map(({ key, unit }) => {
      const value = audit.values[key];
      return value === undefined ? '–' : formatValue(value, unit);
    }),
    fileOf(audit) === null
      ? '–'
      : html`<a href="${audit.report}">${path.posix.basename(audit.report ?? '')}</a>`,
  ]);
  const left = audits.length - rows.length;
  const timed = audits
    .flatMap((audit) =>
      audit.values.lcpMs === undefined ? [] : [{ audit, ms: audit.values.lcpMs }],
    )
    .sort((a, b) => a.ms - b.ms);
  const median = timed[(timed.length - 1) >> 1]?.audit;
  const file = median === undefined ? null : fileOf(median);
  return html`${table({
    caption: `Lighthouse's runs${left === 0 ? '' : `; ${left} more are in the record`}`,
    head: ['run', ...used.map(({ head }) => head), 'report'],
    rows,
  })}${median !== undefined && file !== null && filmstrip(median, readFrames(file))}`;
}

const COLUMNS = [
  { head: 'performance', key: 'scorePoints', unit: 'points' },
  { head: 'accessibility', key: 'accessibilityPoints', unit: 'points' },
  { head: 'best practices', key: 'bestPracticesPoints', unit: 'points' },
  { head: 'LCP', key: 'lcpMs', unit: 'ms' },
  { head: 'TBT', key: 'tbtMs', unit: 'ms' },
  { head: 'INP', key: 'inpMs', unit: 'ms' },
  { head: 'CLS', key: 'layoutShift', unit: '' },
] as const;

type Frame = { timing: number; data: string };

function filmstrip({ index }: Audit, frames: readonly Frame[]): Html | null {
  if (frames.length === 0) return null;
  const caption = `What Lighthouse saw of the page in run ${index + 1}, the median by LCP`;
  return html`<figure><figcaption>${caption}.</figcaption>
<div class="filmstrip scroll" tabindex="0" role="group" aria-label="${caption}">${frames.map(
    ({ timing, data }) =>
      // An inserted text would be cut; the schema below lets only an image pass.
      html`<div><img src="${raw(data)}" alt="the page after ${formatValue(timing, 'ms')}"><br><small>${formatValue(timing, 'ms')}</small></div>`,
  )}</div></figure>`;
}

const lighthouseResult = z.object({
  audits: z.object({
    'screenshot-thumbnails': z.object({
      details: z.object({
        items: z.array(
          z.object({
            timing: z.number(),
            data: z.string().regex(/^data:image\/jpeg;base64,[A-Za-z0-9+/]{1,40000}={0,2}$/),
          }),
        ),
      }),
    }),
  }),
});
const lighthouseFlow = z.object({ steps: z.array(z.object({ lhr: z.unknown() })).min(1) });

/** The filmstrip in a report of Lighthouse, which holds its result as JSON without any "<"; none if there is none. */
export function readFrames(file: string): Frame[] {
  const page = readFileSync(file, 'utf8');
  const [, name, after = ''] = page.split(/window\.__LIGHTHOUSE_(JSON|FLOW_JSON)__ = /, 3);
  const text = after.slice(0, after.indexOf('<')).trimEnd().replace(/;$/, '');
  const found = parseJson(text);
  const lhr = name === 'JSON' ? found : lighthouseFlow.safeParse(found).data?.steps[0]?.lhr;
  const items = lighthouseResult.safeParse(lhr).data?.audits['screenshot-thumbnails'].details.items;
  return items?.slice(0, MOST_FRAMES) ?? [];
}
