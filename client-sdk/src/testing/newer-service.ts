type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An unknown key in everything that has a name: nouns, events, what is within them. Maps by id are left as they are.
 */
function withMore(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withMore);
  if (!isObject(value)) return value;
  const keys = Object.entries(value).map(([key, inner]): [string, Json] => [key, withMore(inner)]);
  const isNamed = ['id', 'kind', 'emoji', 'userId', 'cursor', 'version'].some((key) => key in value);
  return Object.fromEntries(isNamed ? [...keys, ['colour', { red: 1 }]] : keys);
}

/** An event with more in it; of an unknown kind where it was a pin. */
function newer(event: Json): Json {
  const more = withMore(event);
  return isObject(more) && more['kind'] === 'message.pinned' ? { ...more, kind: 'message.framed' } : more;
}

const danced = { kind: 'chat.danced', chatId: 'somewhere', dancers: [{ id: 'a' }] };

/**
 * A fetch over the real wire, to services that are newer than this package: everything has an unknown key, pins
 * are events of an unknown kind, and unknown signals and frames are sent.
 */
export const newerService: typeof globalThis.fetch = async (url, init) => {
  const response = await fetch(url, init);
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('event-stream')) return stream(response);
  if (!type.includes('json')) return response;
  const text = await response.text();
  const body = JSON.parse(text) as Json;
  const path = url instanceof Request ? url.url : String(url);
  const changed = path.includes('notification.list') ? page(body) : withMore(body);
  return new Response(JSON.stringify(changed), { status: response.status, headers: response.headers });
};

type Page = {
  readonly result?: { readonly data: { readonly json: { readonly events: readonly { id: string; event: Json }[] } } };
};

function page(body: Json): Json {
  const { result } = body as Page;
  if (result === undefined) return body;
  const { json, ...rest } = result.data;
  // Dates are named by their paths, which must not change: unknown keys come last.
  const events = json.events.map(({ id, event }) => ({ id, event: newer(event), colour: 'red' }));
  const last = events.at(-1);
  const strange = last === undefined ? [] : [{ id: last.id, event: danced }];
  return { result: { data: { ...rest, json: { ...json, events: [...events, ...strange] } } } };
}

function stream(response: Response): Response {
  let rest = '';
  const frames = new TransformStream<string, string>({
    transform(text, controller) {
      const parts = (rest + text).split('\n\n');
      rest = parts.pop() ?? '';
      for (const frame of parts) controller.enqueue(`${pass(frame)}\n\n`);
    },
  });
  const body = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(frames);
  return new Response(body?.pipeThrough(new TextEncoderStream()) ?? null, response);
}

function pass(frame: string): string {
  const data = /^data: (\{"json":\{.*)$/m.exec(frame)?.[1];
  if (data === undefined) return frame;
  const { json, ...rest } = JSON.parse(data) as { readonly json: Json };
  const withData = (value: object) => frame.replace(/^data: .*$/m, () => `data: ${JSON.stringify(value)}`);
  const strangers = [withData({ json: danced }), 'event: confetti\ndata: {"colour":"red"}', ': a comment'];
  return [...strangers, withData({ ...rest, json: newer(json) })].join('\n\n');
}
