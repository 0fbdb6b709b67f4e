import { z } from 'zod';

/** Keys that a schema knows at a path of its input; null where it expects no object of fixed keys there. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] | null {
  const end = path.reduce<unknown>((at, key) => child(unwrapped(at), key), schema);
  const object = unwrapped(end);
  if (object instanceof z.ZodObject) return Object.keys(object.shape);
  const name: unknown = object instanceof z.ZodRecord ? object.keyType : undefined;
  return name instanceof z.ZodEnum ? name.options.map(String) : null;
}

function child(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.element;
  return undefined;
}

/** Optional, nullable or defaulted, a schema is wrapped; what it knows is inside. */
function unwrapped(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped ? unwrapped(schema.unwrap()) : schema;
}
