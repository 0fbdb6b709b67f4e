/**
 * How Chromium is started to measure growth. By default V8 compiles what runs often, remembers what it saw and drops code that has not
 * run for a while, so that a page that keeps nothing still grows or shrinks; in its lite mode it interprets, and what is left is what
 * the page holds on to.
 *
 * Measured with Chromium 156 on a chat page that keeps its latest 20 answers, after 30 questions of warm-up (Theil–Sen, bytes a
 * question). Default: 544, interval 358 to 800 over 60 questions; --no-opt alone 394, --no-maglev 798, --no-sparkplug 1466, the three
 * together 0 to 126, --no-lazy-feedback-allocation 730. Lite mode: 0 in 4 of 4 runs on a quiet machine, −91 to 70 in 34 runs of 40
 * questions on a crowded one, where code is dropped by age; with --no-flush-bytecode −65 to 40 in 32, the median 0.
 *
 * A page that needs WebAssembly does not run so, and nothing timed in such a browser says what a user waits for.
 */
export const STEADY_HEAP_ARGS: readonly string[] = ['--js-flags=--lite-mode --no-flush-bytecode'];
