import { procedures as notifyProcedures } from '@fechatter/notify';
import { procedures as serverProcedures } from '@fechatter/server';
import { join } from 'node:path';
import ts from 'typescript';
import { sdkDir, sourceDir } from './paths.ts';
import { type Names, printType } from './print-type.ts';

// Writes out `wire.ts` as plain types: what the services' routers and schemas say, without the routers and schemas.

const HEADER = `import type {
  TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure, TRPCSubscriptionProcedure, TrackedEnvelope,
} from '@trpc/server';
`;
const ERROR_CODE = "import('@trpc/server/rpc').TRPC_ERROR_CODE_NUMBER";

/** The text of `wire.d.ts`. */
export function wireTypes(): string {
  const program = ts.createProgram([join(sourceDir, 'wire.ts')], compilerOptions());
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(sourceDir, 'wire.ts'));
  const symbol = file && checker.getSymbolAtLocation(file);
  if (symbol === undefined) throw new Error('wire.ts is not a module');
  const types = new Map(
    checker.getExportsOfModule(symbol).map((one) => {
      const target = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
      return [one.name, { type: checker.getDeclaredTypeOfSymbol(target), docs: docsOf(target, checker) }];
    }),
  );
  const router = types.get('FechatterRouter');
  types.delete('FechatterRouter');
  types.delete('FechatterProcedures');
  if (router === undefined) throw new Error('wire.ts exports no router');
  const names: Names = new Map(
    [...types].filter(([name]) => name !== 'WireEvent').map(([name, { type }]) => [printType(checker, type), name]),
  );
  const nouns = [...types].map(([name, { type, docs }]) => printNoun(checker, { name, type, docs, names }));
  return [HEADER, ...nouns, printRouter(checker, router.type, names), ''].join('\n');
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(sdkDir, 'tsconfig.json');
  const parsed = ts.getParsedCommandLineOfConfigFile(
    path,
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  return { ...parsed?.options, composite: false, incremental: false };
}

function fail({ messageText }: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const docsOf = (symbol: ts.Symbol, checker: ts.TypeChecker) =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker));

interface Noun {
  readonly name: string;
  readonly type: ts.Type;
  readonly docs: string;
  readonly names: Names;
}

function printNoun(checker: ts.TypeChecker, { name, type, docs, names }: Noun): string {
  const others = new Map([...names].filter(([, other]) => other !== name));
  // The one type that tRPC must know by its own name: else it ignores the shape.
  const text = printType(checker, type, others).replace(/\bcode: (-?\d+ \| )+-?\d+;/, `code: ${ERROR_CODE};`);
  const isInterface = text.startsWith('{') && !type.isUnion();
  return `${comment(docs)}${isInterface ? `export interface ${name} ${text}` : `export type ${name} = ${text};`}`;
}

function printRouter(checker: ts.TypeChecker, router: ts.Type, names: Names): string {
  const record = propertyOf(checker, propertyOf(checker, router, '_def'), 'record');
  const features = checker.getPropertiesOfType(record).map((feature) => {
    const verbs = checker.getPropertiesOfType(checker.getTypeOfSymbol(feature)).map((verb) => {
      const text = printProcedure(checker, checker.getTypeOfSymbol(verb), names);
      return `${comment(hoverText(feature.name, verb.name))}${verb.name}: ${text};`;
    });
    return `${feature.name}: {\n${verbs.join('\n')}\n};`;
  });
  return `/** Every procedure of both services. */
export type FechatterProcedures = {\n${features.join('\n')}\n};

/** Every procedure under one root, as tRPC's own tools want it. */
export type FechatterRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: true },
  FechatterProcedures
>;`;
}

function printProcedure(checker: ts.TypeChecker, procedure: ts.Type, names: Names): string {
  const kind = procedure.symbol.name;
  const [definition] = procedure.aliasTypeArguments ?? checker.getTypeArguments(procedure as ts.TypeReference);
  if (definition === undefined) throw new Error(`not a procedure: ${checker.typeToString(procedure)}`);
  const input = printType(checker, propertyOf(checker, definition, 'input'), names);
  const output =
    kind === 'SubscriptionProcedure'
      ? 'AsyncIterable<TrackedEnvelope<WireEvent>, unknown, unknown>'
      : printType(checker, propertyOf(checker, definition, 'output'), names);
  return `TRPC${kind}<{ input: ${input}; output: ${output}; meta: object }>`;
}

function propertyOf(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type {
  const property = type.getProperty(name);
  if (property === undefined) throw new Error(`${checker.typeToString(type)} has no ${name}`);
  return checker.getTypeOfSymbol(property);
}

interface WithMeta {
  readonly _def: {
    readonly meta?: {
      readonly openapi?: {
        readonly summary: string;
        readonly description?: string;
        readonly refusals?: readonly string[];
      };
    };
  };
}

/** The text of a procedure's `meta.openapi`, with the names of the SDK. */
function hoverText(feature: string, verb: string): string {
  const all: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...serverProcedures, ...notifyProcedures };
  const { openapi } = (all[feature]?.[verb] as WithMeta | undefined)?._def.meta ?? {};
  if (openapi === undefined) return '';
  const { summary, description = '', refusals = [] } = openapi;
  const text = `${summary}. ${description}`.replace(/`([a-z]+(?:_[a-z]+)+)`/g, (_, name: string) =>
    refusals.includes(name) ? `\`${name}\`` : `\`${name.replace(/_(.)/g, (__, char: string) => char.toUpperCase())}\``,
  );
  return refusals.length === 0 ? text : `${text}\n\nRefusals: ${refusals.map((reason) => `\`${reason}\``).join(', ')}.`;
}

const comment = (text: string): string =>
  text.trim() === ''
    ? ''
    : `/**\n${text
        .split('\n')
        .map((line) => ` * ${line}`.trimEnd())
        .join('\n')}\n */\n`;
