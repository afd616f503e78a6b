import { connect } from 'node:net';
import superjson from 'superjson';
import { markText } from '../load/subscribers.ts';
import type { Contender } from './contender.ts';

/** A frame as notify sent it, in which only the mark is replaced. */
export interface FrameTemplate {
  /** The frame, byte for byte. */
  readonly frameOf: (mark: number) => string;
  /** The event in the frame and its token, for contenders that make the frame themselves. */
  readonly eventOf: (mark: number) => string;
}

/** Captures the frame of one message on its own stream. */
export async function frameTemplate(notify: Contender): Promise<FrameTemplate> {
  const { port, head } = notify.requestOf(0);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(head);
  const frame = await new Promise<string>((resolve, reject) => {
    let text = '';
    let isReady = false;
    socket.on('error', reject);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!isReady && text.includes(notify.readyMark)) {
        isReady = true;
        notify.publish(0, 0).catch(reject);
      }
      const whole = text.split('\n\n\n').find((part) => part.includes(markText(0)));
      if (whole !== undefined && text.endsWith('\n\n\n')) resolve(`${whole}\n\n\n`);
    });
  });
  socket.destroy();
  const frameOf = (mark: number) => frame.replace(markText(0), markText(mark));
  return {
    frameOf,
    eventOf(mark) {
      const [data = '', id = ''] = frameOf(mark).split('\n');
      const event: unknown = superjson.parse(data.slice('data: '.length));
      return superjson.stringify({ token: id.slice('id: '.length), event });
    },
  };
}
