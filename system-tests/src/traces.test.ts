import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { world } from './world.ts';

// As with `node --import ./otel.mjs`: before anything is traced.
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
const scene = await world();
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await provider.shutdown();
});

const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
const one = (name: string, fits: (span: ReadableSpan) => boolean) =>
  until(() => Promise.resolve(named(name).find(fits)), `a span ${name}`);

test('a call is traced to the batch that wrote it, and by chat and seq to its delivery', async () => {
  const alice = await scene.signUp('alice');
  const workspaceId = await scene.workspaceOf(alice);
  const { id: chatId } = await alice.client.chat.create.mutate({
    name: 'c',
    chatType: 'Group',
    workspaceId,
    memberIds: [],
  });
  await using listener = await alice.listen();
  const secret = 'what only the members may read';
  const [first, second] = await Promise.all(
    [1, 2].map((n) => alice.client.message.send.mutate({ chatId, content: `${secret} ${n}` })),
  );
  for (const message of [first, second])
    await listener.seen((event) => event.kind === 'message.created' && event.message.id === message?.id);

  const call = await one('message.send', ({ attributes }) => attributes['fechatter.seq'] === first?.seq);
  expect(call.attributes).toMatchObject({ 'rpc.system': 'trpc', 'fechatter.chat_id': chatId, 'fechatter.code': 'OK' });
  const batch = await one('send batch', (span) =>
    [span.parentSpanContext, ...span.links.map(({ context }) => context)].some(
      (context) => context?.spanId === call.spanContext().spanId,
    ),
  );
  expect(batch.attributes['fechatter.messages']).toBeGreaterThan(0);
  const delivery = await one(
    'deliver',
    ({ attributes }) => attributes['fechatter.chat_id'] === chatId && attributes['fechatter.seq'] === first?.seq,
  );
  expect(delivery.attributes).toMatchObject({ 'fechatter.kind': 'message.created', 'fechatter.subject_id': first?.id });
  const tail = named('tail batch').find((span) => span.spanContext().spanId === delivery.parentSpanContext?.spanId);
  expect(tail?.attributes['fechatter.rows']).toBeGreaterThan(0);

  await alice.client.message.edit.mutate({ chatId, messageId: first?.id ?? '', content: 'changed' });
  const edit = await one('message.edit', () => true);
  expect(edit.attributes).toMatchObject({ 'fechatter.chat_id': chatId, 'fechatter.seq': (second?.seq ?? 0) + 1 });

  const reported = JSON.stringify(
    exporter.getFinishedSpans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
  );
  expect(reported).not.toContain(secret);
  expect(reported).not.toContain(alice.client.session?.token);
  expect(reported).not.toContain(alice.email);
});

test('a refused call is traced with its code', async () => {
  const bob = await scene.signUp('bob');
  await expect(bob.client.chat.get.query({ chatId: crypto.randomUUID() })).rejects.toThrow();
  const refused = await one('chat.get', ({ attributes }) => attributes['fechatter.code'] === 'NOT_FOUND');
  expect(refused.status.code).toBe(0);
});
