import type { Page } from 'playwright-core';

/** Responses that have not reached the page yet. */
export interface HeldAnswers {
  /** Delivers what is held, and returns when the page has received it. Later calls are not held. */
  letThrough(): Promise<void>;
}

/**
 * Holds the responses of a procedure, which the service executes at once: the page receives the events of its own call
 * before the response.
 */
export async function holdAnswers(page: Page, procedure: string): Promise<HeldAnswers> {
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const deliveries: Promise<void>[] = [];
  const url = `**/trpc/${procedure}*`;
  await page.route(url, async (route) => {
    const response = await route.fetch();
    const delivery = gate.then(() => route.fulfill({ response }));
    deliveries.push(delivery);
    await delivery;
  });
  return {
    async letThrough() {
      const received = page.waitForResponse(url);
      open?.();
      await Promise.all(deliveries);
      await (await received).finished();
      await page.unroute(url);
    },
  };
}
