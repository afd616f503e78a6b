import type { FileContent, FileStorage } from '../session/file-storage.ts';

/** A storage of files in memory that outlives clients, as a browser's outlives pages. */
export function mapFiles(): FileStorage & { readonly contents: Map<string, FileContent> } {
  const contents = new Map<string, FileContent>();
  const uploads = new Map<string, string>();
  return {
    contents,
    names: async () => [...contents.keys()],
    content: async (name) => contents.get(name),
    add: async (name, content) => void contents.set(name, content),
    uploadId: async (name) => uploads.get(name) ?? null,
    async setUploadId(name, before, after) {
      const now = uploads.get(name) ?? null;
      if (now !== before) return now;
      if (after === null) uploads.delete(name);
      else uploads.set(name, after);
      return after;
    },
    async remove(name) {
      contents.delete(name);
      uploads.delete(name);
    },
  };
}
