/** A program that a benchmark compares with or drives. If it is missing, that part is skipped and named. */
export interface Need {
  readonly name: string;
  /** Candidate locations: absolute paths, or names to look up in PATH. The first that exists is used. */
  readonly places: readonly string[];
  /** The command that installs it on Debian. */
  readonly install: string;
}

/** The options of a run. */
export interface RunOptions {
  /** A short run that only shows that everything works; its figures are not kept. */
  readonly isQuick: boolean;
  /** A temporary folder, removed after the run. */
  readonly folder: string;
  /** The locations of the programs that were found, by the name of the need. */
  readonly found: ReadonlyMap<string, string>;
  /** Node arguments for the service under test, such as `--cpu-prof`. */
  readonly nodeArgs: readonly string[];
  /** A folder with real conversations, for benchmarks that can replay them. */
  readonly from?: string | undefined;
  /** The number of messages that `search` searches; its default is a million, or 20,000 in a short run. */
  readonly messages?: number | undefined;
  readonly print: (line: string) => void;
}

/** The target of a figure. `ratio`: relative to its reference; otherwise its median, in its unit. */
export interface Target {
  readonly of: 'median' | 'ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One measured quantity, one number a round. The rounds of figures that are compared were interleaved. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly runs: readonly number[];
  /** The name of the figure that it is compared with, round by round. */
  readonly reference?: string;
  readonly target?: Target;
  /** If the target is missed: what costs the difference. */
  readonly missed?: string;
}

/** A line of a plot: values of x and the medians there. */
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
