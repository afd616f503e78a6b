declare module 'launchdarkly-eventsource' {
  export interface PlainMessage {
    readonly type: string;
    readonly data: string;
    readonly lastEventId: string;
  }
  class EventSource {
    constructor(url: string, options: { readonly headers: Readonly<Record<string, string>> });
    addEventListener(name: string, listener: (event: PlainMessage) => void): void;
    close(): void;
  }
  const exported: { readonly EventSource: typeof EventSource };
  export default exported;
}
