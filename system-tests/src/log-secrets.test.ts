import { collectedLog } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { PASSWORD, world } from './world.ts';

const { log, lines } = collectedLog();
log.level = 'trace';
const scene = await world({ FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '3' }, log);
afterAll(() => scene[Symbol.asyncDispose]());

test('the trace logs of both services contain no secret and no text of people', async () => {
  const alice = await scene.signUp('alice');
  const workspaceId = await scene.workspaceOf(alice);
  const { id: chatId } = await alice.client.chat.create.mutate({
    name: 'c',
    chatType: 'Group',
    workspaceId,
    memberIds: [],
  });
  const content = 'a sentence that belongs to its readers';
  await alice.client.message.send.mutate({ chatId, content });
  const { token = '', refreshToken = '' } = alice.client.session ?? {};
  const { ticket } = await alice.client.notification.ticket.mutate();
  const invite = await alice.client.workspace.invite.mutate({ workspaceId, role: 'Member' });

  const wrong = 'not the password of alice';
  for (let count = 0; count < 5; count++)
    await fetch(`${scene.serverUrl}/api/auth/signin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: alice.email, password: wrong }),
    });
  const stream = new AbortController();
  await fetch(`${scene.notifyUrl}/api/notifications/events?ticket=${ticket}`, { signal: stream.signal });
  stream.abort();
  const bad = `${token.slice(0, -4)}AAAA`;
  await fetch(`${scene.notifyUrl}/api/notifications/events?ticket=${bad}`);
  await fetch(`${scene.serverUrl}/api/users/me?token=${token}`, { headers: { authorization: `Bearer ${bad}` } });
  await fetch(`${scene.serverUrl}/trpc/user.me?connectionParams=${encodeURIComponent(JSON.stringify({ token }))}`);
  await fetch(`${scene.serverUrl}/api/auth/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: refreshToken }),
  });
  await alice.client.auth.changePassword.mutate({ currentPassword: PASSWORD, newPassword: `${PASSWORD} anew` });

  const written = lines.map((line) => JSON.stringify(line));
  expect(written.filter((line) => line.includes('"msg":"answered"')).length).toBeGreaterThan(10);
  expect(written.every((line) => !line.includes('"msg":"answered"') || /"requestId":"[\w.:-]{8,64}"/.test(line))).toBe(
    true,
  );
  const logged = written.join('\n');
  for (const [what, secret] of Object.entries({
    PASSWORD,
    wrong,
    token,
    bad,
    refreshToken,
    ticket,
    content,
    invite: invite.token,
  }))
    expect(logged.includes(secret) ? what : 'nothing').toBe('nothing');
});
