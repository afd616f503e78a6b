import type { Page } from 'playwright-core';

/** A PNG of one colour. */
export async function pictureOf(page: Page, width: number, height: number, colour: string): Promise<Buffer> {
  const base64 = await page.evaluate(
    ([w, h, fill]) => {
      const canvas = document.createElement('canvas');
      canvas.width = w;
      canvas.height = h;
      const context = canvas.getContext('2d');
      if (context !== null) context.fillStyle = fill;
      context?.fillRect(0, 0, w, h);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    },
    [width, height, colour] as const,
  );
  return Buffer.from(base64, 'base64');
}
