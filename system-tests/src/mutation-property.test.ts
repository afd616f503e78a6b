import { readState, type State } from '@fechatter/client/state';
import { procedures } from '@fechatter/server';
import { afterAll, describe, expect, test } from 'vitest';
import { type Follower, follower } from './follower.ts';
import { mutationStage } from './mutation-stage.ts';
import { mutationSteps } from './mutation-steps.ts';
import { screenOf } from './screen.ts';
import type { Person } from './world.ts';

// After each mutation, each client that only applied events has the state of a fresh read.

const stage = await mutationStage();
const { scene, people, alice, gina } = stage;
const steps = mutationSteps(stage);
const followers = new Map<Person, Follower>();
for (const person of people) followers.set(person, await follower(person));
/** What an Owner and a Guest see of messages, threads, pins and saved messages. */
const screens = [await screenOf(alice), await screenOf(gina)];
afterAll(async () => {
  for (const screen of screens) await screen[Symbol.asyncDispose]();
  for (const one of followers.values()) await one[Symbol.asyncDispose]();
  await stage.stopWorker();
  await scene[Symbol.asyncDispose]();
});

const KNOWN_MS = 60_000;
const withoutState = [
  'chat.setTyping',
  // Until it is sent, a file is visible only to its uploader; sending it is a step.
  'file.begin',
  'file.finish',
  'file.cancel',
  'file.ticket',
  'user.setActivity',
  'user.setStatus',
  'auth.signup',
  'auth.signin',
  'auth.exchange',
  'auth.oidcBegin',
  'auth.oidcFinish',
  'auth.link',
  'auth.unlink',
  'admin.createSession',
  'auth.refresh',
  'auth.signout',
  'auth.signoutAll',
  'auth.signoutOthers',
  'auth.renameSession',
  'auth.revokeSession',
  'auth.secondFactor',
  'auth.totpBegin',
  'auth.totpConfirm',
  'auth.totpRemove',
  'auth.renewRecoveryCodes',
  'auth.passkeyBegin',
  'auth.passkeyAdd',
  'auth.passkeyRemove',
  'auth.passkeySigninBegin',
  'auth.passkeySignin',
  'auth.reauthenticate',
  'auth.requestVerification',
  'auth.verifyEmail',
  'auth.requestPasswordReset',
  'auth.resetPassword',
  'auth.changeEmail',
];

test('every procedure that changes something is among the steps', () => {
  const mutations = Object.entries(procedures).flatMap(([feature, record]) =>
    Object.entries(record)
      .filter(([, procedure]) => (procedure as { _def: { type: string } })._def.type === 'mutation')
      .map(([verb]) => `${feature}.${verb}`),
  );
  expect([...new Set(steps.map(([path]) => path)), ...withoutState].sort()).toEqual(mutations.sort());
});

describe('old state plus events equals a fresh read', () => {
  test.each(steps)('%s %s', async (_path, _what, step) => {
    await step();
    await Promise.all([...followers.values()].map((one) => one.settle()));
    const known = [...followers].map(async ([person, one]) => {
      const fresh = await readState(person.client);
      // The marks by which the others have settled may still be on their way to this one.
      const message = `what ${person.name} knows`;
      await expect.poll(() => forGuests(one.state), { message, timeout: KNOWN_MS }).toEqual(forGuests(fresh.state));
    });
    const seen = screens.map(async (screen) => {
      const { shown, read } = await screen.compare();
      expect(shown, `what ${screen.person.name} is shown`).toEqual(read);
    });
    await Promise.all([...known, ...seen]);
  });
});

/** A Guest does not receive every event of a workspace, so the workspace's event count is left out. */
const forGuests = (state: State): State => ({
  ...state,
  workspaces: new Map(
    [...state.workspaces].map(([id, workspace]) => [
      id,
      workspace.role === 'Guest' ? { ...workspace, lastSeq: 0 } : workspace,
    ]),
  ),
});
