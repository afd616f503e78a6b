/** A part of a noun that can be replaced without the rest. */
export interface Part<N> {
  /** The keys that are replaced together. */
  readonly keys: readonly (keyof N)[];
  /** Its version in a whole noun, if it is not the noun's; 0 for a noun that does not bring it. */
  readonly version?: (whole: N) => number;
}

interface Options<N, PartName extends string> {
  /** The key of the noun's version. */
  readonly version: { [K in keyof N]: N[K] extends number ? K : never }[keyof N];
  readonly parts: Readonly<Record<PartName, Part<N>>>;
}

type Versions = Readonly<Record<string, number>>;

/** The versions of the parts of a noun into which parts have come alone; any other noun is what a read has shown. */
const versionsOfMixed = new WeakMap<object, Versions>();

/**
 * The rule by which a noun replaces what is known of it: the newer version wins, for each part by itself. A whole noun
 * brings all of its parts; an event brings one part with its own version. What no part has is the `core`. Nouns are
 * immutable, and one that says nothing new leaves the known one as it is. So any order of reads and events, with any
 * repetition, ends in the same noun.
 */
export class Versioned<N extends object, PartName extends string = never> {
  readonly #version: keyof N;
  readonly #parts: readonly (readonly [name: string, part: Part<N>])[];

  constructor({ version, parts }: Options<N, PartName>) {
    this.#version = version;
    this.#parts = Object.entries<Part<N>>(parts);
  }

  /** A whole noun has come, of a read or an event. */
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

  /** A part has come alone, with the version of its event. */
  part(known: N, name: PartName | 'core', version: number, fields: Partial<N>): N {
    const old = this.#versionsOf(known);
    if (version <= versionIn(old, name)) return known;
    const hasOwn = this.#parts.some(([other, part]) => other === name && part.version !== undefined);
    const number = hasOwn ? this.#numberOf(known) : Math.max(this.#numberOf(known), version);
    return this.#mixed({ ...known, ...fields }, number, { ...old, [name]: version });
  }

  /** A whole noun that came without a part: it says nothing of it, whatever stands there. */
  without(whole: N, name: PartName): N {
    return this.#mixed(whole, this.#numberOf(whole), { ...this.#versionsOf(whole), [name]: 0 });
  }

  /** Everything up to this version is known now, and concerned no part of it. */
  raise(known: N, version: number): N {
    if (version <= this.#numberOf(known)) return known;
    return this.#mixed({ ...known }, version, this.#versionsOf(known));
  }

  /** Replaces what has no version: how people are called, or what follows from other keys. */
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
