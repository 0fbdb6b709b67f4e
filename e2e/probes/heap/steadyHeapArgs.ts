/**
 * How Chromium is started to measure growth. By default V8 compiles what runs often, remembers what it saw and drops code that has not
 * run for a while, so that a page that keeps nothing still grows or shrinks; in its lite mode it interprets, and what is left is what
 * the page holds on to.
 */
export const STEADY_HEAP_ARGS: readonly string[] = ['--js-flags=--lite-mode --no-flush-bytecode'];
