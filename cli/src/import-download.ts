import { type Download, MissingContent } from '@fechatter/importer';
import { type GuardedDownload, OutboundError } from '@fechatter/service-kit';

/** For one file, however large. */
const DEADLINE_MS = 600_000;
const REFUSED = new Set([401, 403, 404, 410]);

/**
 * Fetches files of an import. What a host refuses is missing; a host that does not answer ends the import, which can be
 * continued. Errors never have the address: it may contain a token.
 */
export function downloadOf(get: GuardedDownload, signal: AbortSignal): Download {
  return async (url) => {
    try {
      const { status, headers, body } = await get({ url, timeoutMs: DEADLINE_MS, signal });
      if (status === 200 && !isPage(headers['content-type'])) return body;
      body.destroy();
      if (status === 200 || REFUSED.has(status)) throw new MissingContent(EXPIRED);
      throw new Error(`the host of files answered with ${status}; run the import again to go on`);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      // To the page where people sign in.
      if (error.failure === 'redirected') throw new MissingContent(EXPIRED);
      if (error.failure === 'forbidden_address' || error.failure === 'invalid_url')
        throw new MissingContent('a file is at an address that is not allowed');
      throw new Error('the host of files does not answer; run the import again to go on', { cause: error });
    }
  };
}

const EXPIRED = 'a file cannot be fetched: its host refuses, so the token of the export has expired';

/** A page to sign in comes in place of the file; a page as a file is sent as a download, too. */
const isPage = (contentType: string | undefined): boolean => contentType?.startsWith('text/html') === true;
