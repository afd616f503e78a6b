import type { RestResponse, RestCaller } from '@fechatter/rest/testing';
import { expect } from 'vitest';

export const password = 'correct horse battery staple';
export const uuid: unknown = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
export const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

export type Fields = Record<string, string>;
export const fields = ({ body }: RestResponse) => body as Fields;
export const reasonOf = ({ body }: RestResponse) => (body as { error: { reason: string } }).error.reason;

/** Signs a person up. */
export async function signUp(call: RestCaller, name: string) {
  const body = { email: `${name}@example.com`, password, full_name: name };
  const { id, token } = fields(await call('POST /api/auth/signup', { body }));
  return { id, token: token ?? '' };
}

/** Two people in a Group, made only over REST; every response is checked against the document. */
export async function group(call: RestCaller, one: string, other: string) {
  const owner = await signUp(call, one);
  const member = await signUp(call, other);
  const as = { token: owner.token };
  const { id: workspace_id } = fields(await call('POST /api/workspaces', { ...as, body: { name: 'looms' } }));
  const invites = `POST /api/workspaces/${workspace_id}/invites` as const;
  const { token: invite } = fields(await call(invites, { ...as, body: { role: 'Member' } }));
  await call('POST /api/invites/accept', { token: member.token, body: { token: invite } });
  const chat = { name: 'weavers', chat_type: 'Group', workspace_id, member_ids: [member.id] };
  const { id: chat_id } = fields(await call('POST /api/chats', { ...as, body: chat }));
  return { owner, member, workspace_id, chat_id };
}
