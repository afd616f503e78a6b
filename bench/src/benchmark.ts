/** A program that a benchmark compares with or drives: without it, that part is left out and named. */
export interface Need {
  readonly name: string;
  /** Where it may be: absolute paths, or names to look up in PATH. The first that is there is used. */
  readonly places: readonly string[];
  /** How to get it on Debian. */
  readonly install: string;
}

/** What a benchmark is run with. */
export interface RunOptions {
  /** A short run that shows that everything works; its figures are not kept. */
  readonly isQuick: boolean;
  /** A folder for what the run needs, which ends with it. */
  readonly folder: string;
  /** Where the programs are that were found, by the name of the need. */
  readonly found: ReadonlyMap<string, string>;
  /** For Node, to pass to the service under test: `--cpu-prof` where a profile is wanted. */
  readonly nodeArgs: readonly string[];
  /** A folder with real conversations, for what can say them. */
  readonly from?: string | undefined;
  /** How large a history to search, where another is wanted. */
  readonly messages?: number | undefined;
  readonly say: (line: string) => void;
}

/** What a figure should reach. `ratio`: of its reference; otherwise of its median, in its unit. */
export interface Target {
  readonly of: 'median' | 'ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One measured quantity: one number a round. Rounds of figures that are compared were interleaved. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly runs: readonly number[];
  /** The name of the figure that it is compared with, round by round. */
  readonly reference?: string;
  readonly target?: Target;
  /** Where the target is missed: where it goes. */
  readonly missed?: string;
}

/** A line of a plot: x and the median there. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

export interface Result {
  readonly figures: readonly Figure[];
  readonly plots: readonly Plot[];
  /** How it was measured, a sentence each. */
  readonly notes: readonly string[];
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly Need[];
  run(options: RunOptions): Promise<Result>;
}
