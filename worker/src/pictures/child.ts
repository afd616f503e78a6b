import { buffer } from 'node:stream/consumers';
import type { OutputHead } from './child-output.ts';
import { READY, renderedAs } from './limits.ts';
import { renderPicture } from './render-picture.ts';

// A process of its own for one picture: the parsers of libvips read content from strangers, so it has neither keys nor settings,
// no database, and no environment. The picture arrives on standard input, and the result is written to standard output.
const { stdin, stdout, stderr } = process;
stdout.write(READY);
const as = renderedAs.find((one) => one === process.argv[2]) ?? 'picture';
try {
  const { content, thumbnail, ...shown } = await renderPicture(await buffer(stdin), as);
  const head: OutputHead = { ...shown, contentBytes: content.length, thumbnailBytes: thumbnail.length };
  stdout.write(`${JSON.stringify(head)}\n`);
  stdout.write(content);
  stdout.end(thumbnail);
} catch (error) {
  stderr.write(String(error));
  process.exitCode = 1;
}
