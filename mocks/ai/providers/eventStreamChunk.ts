import { Buffer } from 'node:buffer';
import { EventStreamCodec } from '@smithy/eventstream-codec';

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
);
const headers = {
  ':event-type': { type: 'string', value: 'chunk' },
  ':content-type': { type: 'string', value: 'application/json' },
  ':message-type': { type: 'string', value: 'event' },
} as const;

/** One event of a model's stream as Bedrock wraps it: a `chunk` message of AWS's event stream, the event base64-encoded in `bytes`. */
export function eventStreamChunk(event: object): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
  return codec.encode({ headers, body: encoder.encode(JSON.stringify({ bytes })) });
}
