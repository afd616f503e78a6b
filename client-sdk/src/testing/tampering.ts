/** The frames to drop. */
export type Swallows = (frame: string) => boolean;

/** Messages, by content, that are dropped once or always, or delivered twice. */
export interface Faults {
  readonly once?: string;
  readonly always?: string;
  readonly twice?: string;
  /** Delivered with an unknown key, after an event of an unknown kind. */
  readonly strange?: string;
}

/** A fetch over the real network that tampers with single frames of event streams. */
export function tampering(faults: Faults | Swallows): typeof globalThis.fetch {
  let hasSwallowed = false;
  const pass = (frame: string): string => {
    if (typeof faults === 'function') return faults(frame) ? '' : frame;
    const has = (content: string | undefined) => content !== undefined && frame.includes(`"content":"${content}"`);
    if (has(faults.always)) return '';
    if (has(faults.once) && !hasSwallowed) {
      hasSwallowed = true;
      return '';
    }
    if (has(faults.strange)) return `${strangerLike(frame)}${frame.replace('{"json":{', '{"json":{"colour":"red",')}`;
    return has(faults.twice) ? frame + frame : frame;
  };
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!response.headers.get('content-type')?.includes('event-stream')) return response;
    let rest = '';
    const frames = new TransformStream<string, string>({
      transform(text, controller) {
        const parts = (rest + text).split(/(?<=\n\n)(?=[^\n])/);
        rest = parts.pop() ?? '';
        if (rest.endsWith('\n\n')) parts.push(rest);
        if (rest.endsWith('\n\n')) rest = '';
        for (const frame of parts) controller.enqueue(pass(frame));
      },
    });
    const body = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(frames);
    return new Response(body?.pipeThrough(new TextEncoderStream()) ?? null, response);
  };
}

/** An event of a later release, at the same position. */
const strangerLike = (frame: string) =>
  frame.replace(/^data: .*$/m, 'data: {"json":{"kind":"chat.danced","chatId":"somewhere","dancers":["a"]}}');
