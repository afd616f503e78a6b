export interface TalkPlace {
  /** Alice's line, which breaks. */
  readonly alice: {
    readonly serverUrl: string;
    readonly notifyUrl: string;
  };
  readonly bob: {
    readonly serverUrl: string;
    readonly notifyUrl: string;
  };
  /** `POST <lineUrl>/cut` breaks Alice's line, `POST <lineUrl>/mend` mends it. */
  readonly lineUrl: string;
}
/** Two people talk; one of them loses the line for a while. Answers what was seen; throws where anything is not right. */
export declare function talk({ alice: her, bob: his, lineUrl }: TalkPlace): Promise<string>;
