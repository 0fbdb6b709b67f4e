/** The parser has no types of its own. Of its metrics, those of gauges. */
declare module 'parse-prometheus-text-format' {
  export default function parse(text: string): {
    name: string;
    help: string;
    type: string;
    metrics: { value: string; labels?: Record<string, string> }[];
  }[];
}
