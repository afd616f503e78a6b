/** A part of a noun that can be replaced without the rest. */
export interface Part<N> {
  /** The keys that are replaced together. */
  readonly keys: readonly (keyof N)[];
  /** Its version in a whole noun, if it is not the noun's; 0 for a noun that does not contain it. */
  readonly version?: (whole: N) => number;
}

interface Options<N, PartName extends string> {
  /** The key of the noun's version. */
  readonly version: { [K in keyof N]: N[K] extends number ? K : never }[keyof N];
  readonly parts: Readonly<Record<PartName, Part<N>>>;
}

type Versions = Readonly<Record<string, number>>;

/** The versions of the parts of nouns that were updated by parts; any other noun is as a read has shown it. */
const versionsOfMixed = new WeakMap<object, Versions>();

/**
 * The rule by which a noun replaces the known one: the newer version wins, for each part separately. A whole noun
 * contains all of its parts; an event contains one part with its own version. Keys of no part are the `core`. Nouns are
 * immutable, and one that contains nothing new leaves the known one unchanged. So any order of reads and events, with
 * any repetition, ends in the same noun.
 */
export class Versioned<N extends object, PartName extends string = never> {
  readonly #version: keyof N;
  readonly #parts: readonly (readonly [name: string, part: Part<N>])[];

  constructor({ version, parts }: Options<N, PartName>) {
    this.#version = version;
    this.#parts = Object.entries<Part<N>>(parts);
  }

  /** Applies a whole noun of a read or an event. */
  whole(known: N | undefined, whole: N): N {
    if (known === undefined) return whole;
    const [old, now] = [this.#versionsOf(known), this.#versionsOf(whole)];
    const isNewer = (name: string) => versionIn(now, name) > versionIn(old, name);
    const names = Object.keys(now);
    if (names.every(isNewer)) return whole;
    if (!names.some(isNewer)) return known;
    const sourceOf = (name: string) => (isNewer(name) ? whole : known);
    const next = { ...sourceOf('core') };
    for (const [name, { keys }] of this.#parts) copy(keys, sourceOf(name), next);
    return this.#mixed(
      next,
      Math.max(this.#numberOf(known), this.#numberOf(whole)),
      Object.fromEntries(names.map((name) => [name, Math.max(versionIn(old, name), versionIn(now, name))])),
    );
  }

  /** Applies one part, with the version of its event. */
  part(known: N, name: PartName | 'core', version: number, fields: Partial<N>): N {
    const old = this.#versionsOf(known);
    if (version <= versionIn(old, name)) return known;
    const hasOwn = this.#parts.some(([other, part]) => other === name && part.version !== undefined);
    const number = hasOwn ? this.#numberOf(known) : Math.max(this.#numberOf(known), version);
    return this.#mixed({ ...known, ...fields }, number, { ...old, [name]: version });
  }

  /** Marks a part of a whole noun as unknown, whatever it contains. */
  without(whole: N, name: PartName): N {
    return this.#mixed(whole, this.#numberOf(whole), { ...this.#versionsOf(whole), [name]: 0 });
  }

  /** Everything up to this version is known now, and did not change any part. */
  raise(known: N, version: number): N {
    if (version <= this.#numberOf(known)) return known;
    return this.#mixed({ ...known }, version, this.#versionsOf(known));
  }

  /** Replaces keys without a version: people's names, or keys that depend on others. */
  patch(known: N, fields: Partial<N>): N {
    return this.#mixed({ ...known, ...fields }, this.#numberOf(known), this.#versionsOf(known));
  }

  #numberOf(noun: N): number {
    return Number(noun[this.#version]);
  }

  #versionsOf(noun: N): Versions {
    const mixed = versionsOfMixed.get(noun);
    if (mixed !== undefined) return mixed;
    const core = this.#numberOf(noun);
    const parts = this.#parts.map(([name, { version }]) => [name, version === undefined ? core : version(noun)]);
    return { core, ...Object.fromEntries(parts) };
  }

  #mixed(noun: N, number: number, versions: Versions): N {
    const next = { ...noun, [this.#version]: number };
    versionsOfMixed.set(next, versions);
    return next;
  }
}

const versionIn = (versions: Versions, name: string): number => versions[name] ?? 0;

function copy<N extends object>(keys: readonly (keyof N)[], from: N, to: N): void {
  for (const key of keys)
    if (key in from) to[key] = from[key];
    else Reflect.deleteProperty(to, key);
}
