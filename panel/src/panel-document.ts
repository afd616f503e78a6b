/** The description of a service's procedures, served at /panel.json. */
export interface PanelDocument {
  readonly service: string;
  readonly procedures: readonly PanelProcedure[];
}

export interface PanelProcedure {
  /** As tRPC calls it: `chat.create`. */
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly summary: string;
  readonly description?: string;
  /** The same over REST: `POST /api/chats`. */
  readonly rest?: string;
  readonly isProtected: boolean;
  /** Reasons of errors, besides those that every procedure has. */
  readonly refusals: readonly string[];
  /** Absent if it takes no input. */
  readonly input?: JsonSchema;
  readonly isInputOptional: boolean;
  /** Absent if nothing is returned, and for a subscription. */
  readonly output?: JsonSchema;
}

/** JSON Schema 2020-12, as far as zod writes it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}
