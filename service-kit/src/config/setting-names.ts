import type { Setting } from './setting.ts';
import { settings } from './settings.ts';

/** Names the file with the settings; default `app.yml` in the working directory. */
export const CONFIG_FILE_VARIABLE = 'FECHATTER_CONFIG';
export const PREFIX = 'FECHATTER_';

export interface NamedSetting {
  readonly path: readonly string[];
  /** The name in app.yml: `server.port`. */
  readonly name: string;
  /** The name in the environment: FECHATTER_SERVER_PORT. */
  readonly variable: string;
  readonly setting: Setting<unknown>;
}

/** FECHATTER_<SECTION>_<KEY> of a path in the tree of settings. */
export function variableOf(path: readonly string[]): string {
  return PREFIX + path.map((key) => key.replace(/[A-Z]/g, '_$&').toUpperCase()).join('_');
}

function isSetting(node: object): node is Setting<unknown> {
  return 'schema' in node && 'fromText' in node;
}

function named(node: object, path: readonly string[]): NamedSetting[] {
  if (isSetting(node)) return [{ path, name: path.join('.'), variable: variableOf(path), setting: node }];
  return Object.entries(node).flatMap(([key, child]) => named(child as object, [...path, key]));
}

/** Every setting with its names. */
export const namedSettings: readonly NamedSetting[] = named(settings, []);
