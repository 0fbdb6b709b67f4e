import { z } from 'zod';
import { HTTP_VERSIONS } from '../budget/budgetSchema.ts';

/** A connection to the API that was opened, as it was negotiated. */
export const connectionLine = z.strictObject({
  type: z.literal('connection'),
  openedAtMs: z.number().positive(),
  http: z.enum(HTTP_VERSIONS),
  /** Such as TLSv1.3; null without TLS. */
  tls: z.string().nullable(),
});

/** A `Content-Encoding` that the API's answers came with although none was asked for, when it was met first. */
export const encodingLine = z.strictObject({
  type: z.literal('encoding'),
  metAtMs: z.number().positive(),
  encoding: z.string(),
});

export type ConnectionLine = z.infer<typeof connectionLine>;
export type EncodingLine = z.infer<typeof encodingLine>;

/** Such as "HTTP/1.1 over TLS, 12 connections"; null where none was opened. */
export function describeConnections(connections: readonly ConnectionLine[]): string | null {
  const kinds = Map.groupBy(connections, ({ http, tls }) => {
    return `HTTP/${http}${tls === null ? '' : ' over TLS'}`;
  });
  const parts = [...kinds].map(([kind, { length }]) => {
    return `${kind}, ${length} ${length === 1 ? 'connection' : 'connections'}`;
  });
  return parts.length === 0 ? null : parts.join('; ');
}

/** Such as "gzip"; null where answers came as they are. */
export function describeEncodings(encodings: readonly EncodingLine[]): string | null {
  const names = new Set(encodings.map(({ encoding }) => encoding));
  return names.size === 0 ? null : [...names].join(' and ');
}
