/** How the mock itself ends an answer before it is whole: with an error of the connection, or as if that had been all. */
export type BreakOff = 'reset' | 'truncated';

/** What the body of an answer ends with that a fault breaks off. The server does it; everything sent before gets out first. */
export class BrokenOff extends Error {
  readonly how: BreakOff;

  constructor(how: BreakOff) {
    super(`a fault broke the answer off: ${how}`);
    this.name = 'BrokenOff';
    this.how = how;
  }
}
