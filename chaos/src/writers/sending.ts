import { v7 as uuidv7 } from 'uuid';
import type { Chance } from '@fechatter/testing/chance';
import { someoneIn } from './choices.ts';
import { quotable } from './choices.ts';
import { repeatCall } from './retry.ts';
import type { Scene, SceneChat, SentMessage } from './scene.ts';
import type { Person } from './people.ts';

const SEND_MS = 45_000;

interface Extras {
  readonly chars?: number;
  readonly threadId?: string;
  readonly fileIds?: string[];
}

/**
 * Sends, and repeats with the same clientId until the outcome is known; sometimes twice at once, or again after the
 * response. All responses must name the same message.
 */
export async function send(
  scene: Scene,
  chance: Chance,
  chat: SceneChat,
  sender: Person,
  { chars = chance.below(80), threadId, fileIds }: Extras = {},
): Promise<void> {
  const clientId = uuidv7();
  const to = chance.hits(0.1) ? `<@${someoneIn(scene, chance, chat).id}> ` : chance.hits(0.03) ? '<!everyone> ' : '';
  const content = `chaos ${clientId} ${to}${'x'.repeat(chars)}`;
  const [chatId, contents] = [chat.id, new Set([content])];
  const quotedId = chance.hits(0.08) ? quotable(scene, chance, chat) : undefined;
  const data = chance.hits(0.05) ? `{"poll":"${clientId}"}` : undefined;
  const message: SentMessage = { clientId, chatId, threadId, quotedId, data, sender, contents, isDeleted: false };
  scene.sent.push(message);
  const once = async () => {
    const input = {
      chatId,
      clientId,
      content,
      ...(threadId !== undefined && { threadId }),
      ...(quotedId !== undefined && { quotedId }),
      ...(data !== undefined && { data }),
      ...(fileIds !== undefined && { fileIds }),
    };
    const call = () => sender.client.message.send.mutate(input);
    const outcome = await repeatCall(scene.tally, call, SEND_MS, 'message.send');
    if (outcome.is !== 'done') return;
    const { id, seq, number } = outcome.value;
    message.ackedAtMs ??= performance.now();
    message.acked ??= { id, seq, number };
    const { acked } = message;
    if (acked.id !== id || acked.seq !== seq || acked.number !== number)
      scene.contradictions.push(`${clientId} was acknowledged as ${acked.id} (${acked.seq}) and as ${id} (${seq})`);
  };
  if (chance.hits(0.06)) await Promise.all([once(), once()]);
  else await once();
  if (chance.hits(0.04)) await once();
}
