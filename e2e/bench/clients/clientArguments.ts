import { parseArgs } from 'node:util';
import { z } from 'zod';

const STRING = { type: 'string' } as const;
const OPTIONS = {
  url: STRING,
  connections: STRING,
  seconds: STRING,
  'warm-up-seconds': STRING,
  rate: STRING,
  users: STRING,
  'think-ms': STRING,
  body: STRING,
} as const;

const number = z.coerce.number().nonnegative();
const schema = z.object({
  url: z.url().transform((text) => new URL(text)),
  connections: number.default(1),
  seconds: number,
  /** Before that, and thrown away. */
  'warm-up-seconds': number.default(0),
  /** Per second, of an open load. */
  rate: number.default(0),
  /** Of a closed load. */
  users: number.default(0),
  'think-ms': number.default(0),
  body: z.string().optional(),
});

/** How our own programs are told what to send. @throws Error for what does not fit */
export function readClientArguments(): z.infer<typeof schema> {
  return schema.parse(parseArgs({ options: OPTIONS }).values);
}
