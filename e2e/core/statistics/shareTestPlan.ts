/** What a test of a share compares: the share that is allowed, and how often it may err in each direction. */
export type ShareTestPlan = {
  /** In (0, 1). */
  allowedShare: number;
  /** Chance to pass where more is bad than allowed. */
  passAlpha: number;
  /** Chance to fail where no more is bad than allowed. */
  failAlpha: number;
};
