import { until } from '@fechatter/testing/until';
import { expect } from 'vitest';
import type { EventsOptions } from '../events/events.ts';
import type { FechatterOptions } from '../fechatter-options.ts';
import { localStorageStorage } from '../session/local-storage.ts';
import { type Listening, listen } from './listen.ts';
import { type Lacks, tabBrowser, type TestTab } from './tab-browser.ts';
import { browser } from './tabs.ts';
import { PASSWORD, type Person, type World } from './world.ts';

/** An open tab with its client and what it has received. */
export interface Tab extends TestTab {
  readonly client: Person['client'];
  readonly listening: Listening;
}

/** A browser in which a person is signed in; opens a tab that receives events. */
export function profileOf(scene: Pick<World, 'visit'>, person: Person, lacks: Lacks = {}) {
  const storages = browser({ hasLocks: true });
  const tabs = tabBrowser(lacks);
  const openTab = async ({ since, ...options }: Partial<FechatterOptions> & EventsOptions = {}): Promise<Tab> => {
    const tab = tabs.openTab();
    const killed = new AbortController();
    const client = await scene.visit(
      {
        serverUrl: person.toServer.url,
        notifyUrl: person.toNotify.url,
        storage: localStorageStorage('tabs', storages.openTab()),
        inactivityMs: INACTIVITY_MS,
        fetch: (url, init) =>
          fetch(url, { ...init, signal: AbortSignal.any([killed.signal, init?.signal ?? killed.signal]) }),
        ...options,
      },
      tab.platform,
    );
    if ((await client.restore()) === null) await client.auth.signin.mutate({ email: person.email, password: PASSWORD });
    const listening = await listen(client, { since });
    const end = tab.kill.bind(tab);
    return Object.assign(tab, {
      client,
      listening,
      kill() {
        end();
        killed.abort();
        listening.unsubscribe();
      },
    });
  };
  return Object.assign(openTab, { posted: tabs.posted });
}

const INACTIVITY_MS = 9_000;
/** Waits until the person has exactly one event stream. */
export const hasOneStream = (person: Person) =>
  until(
    () => person.toNotify.open === 1,
    () => `one stream, not ${person.toNotify.open}`,
  );
/** Asserts that each tab has received exactly these messages, in order. */
export async function allHave(tabs: readonly Tab[], contents: readonly string[]): Promise<void> {
  for (const { listening } of tabs) {
    expect(await listening.firstContents(contents.length)).toEqual(contents);
    expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0 });
  }
}
