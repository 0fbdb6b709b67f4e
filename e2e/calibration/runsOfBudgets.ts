/** Objectives of one kind that a run judges together. */
export type ObjectivesOfRun = {
  statistic: string;
  allowedShare: number;
  sampleBudget: number;
  objectives: number;
  /** Events of one objective; null: without times. */
  eventsPerSecond: number | null;
  /** See `METRICS`: such events are independent. */
  mostInABurst?: number;
};

export type RunOfBudget = {
  name: string;
  /** All that it judges, over which the level of a false fail is split; some of them are no share. */
  judged: number;
  kinds: readonly ObjectivesOfRun[];
};

const [P50, P75, P90, P95] = [0.5, 0.25, 0.1, 0.05].map((allowedShare) => ({
  statistic: `P${100 - 100 * allowedShare}`,
  allowedShare,
})) as [Kind, Kind, Kind, Kind];
const AVAILABLE: Kind = { statistic: '99.9 %', allowedShare: 0.001 };
type Kind = Pick<ObjectivesOfRun, 'statistic' | 'allowedShare'>;

/** What `npm run perf`, `experience` and `load` judge by `budgets/local.json`, at the rates of their workloads; a test compares the two. */
export const RUNS_OF_BUDGETS: readonly RunOfBudget[] = [
  {
    name: 'perf',
    judged: 63,
    kinds: [
      // Classify, chat and narrative share 6 requests a second.
      { ...P50, sampleBudget: 600, objectives: 5, eventsPerSecond: 2 },
      { ...P95, sampleBudget: 600, objectives: 7, eventsPerSecond: 2 },
      { ...P95, sampleBudget: 600, objectives: 1, eventsPerSecond: 48 },
      { ...AVAILABLE, sampleBudget: 5000, objectives: 1, eventsPerSecond: 200 },
      { ...P50, sampleBudget: 150, objectives: 1, eventsPerSecond: 8 },
      { ...P50, sampleBudget: 120, objectives: 1, eventsPerSecond: 40, mostInABurst: 5 },
      { ...P50, sampleBudget: 60, objectives: 1, eventsPerSecond: 20, mostInABurst: 5 },
      { ...P95, sampleBudget: 300, objectives: 4, eventsPerSecond: 3.6 },
      { ...P90, sampleBudget: 300, objectives: 1, eventsPerSecond: 3.6 },
      // A start that is bad takes 2 s or longer.
      { ...P50, sampleBudget: 15, objectives: 1, eventsPerSecond: 0.45 },
      { ...P50, sampleBudget: 20, objectives: 6, eventsPerSecond: 0.1 },
    ],
  },
  {
    name: 'experience',
    judged: 35,
    kinds: [
      { ...P75, sampleBudget: 40, objectives: 28, eventsPerSecond: 0.3 },
      { ...P50, sampleBudget: 20, objectives: 7, eventsPerSecond: 0.05 },
    ],
  },
  {
    name: 'load',
    judged: 14,
    kinds: [
      { ...P95, sampleBudget: 1000, objectives: 1, eventsPerSecond: 40 },
      { ...P95, sampleBudget: 1000, objectives: 1, eventsPerSecond: 23 },
      { ...P95, sampleBudget: 5000, objectives: 3, eventsPerSecond: 60 },
      { ...AVAILABLE, sampleBudget: 5000, objectives: 2, eventsPerSecond: 60 },
    ],
  },
];
