import ts from 'typescript';

/** Types that have a name in the package, by how they are spelt out. */
export type Names = ReadonlyMap<string, string>;

const NONE: Names = new Map();

/**
 * Spells a type out without what it was inferred from: objects by their properties and keys, unions by their members. Objects
 * that have a name are called by it.
 */
export function printType(checker: ts.TypeChecker, type: ts.Type, names: Names = NONE): string {
  const print = (inner: ts.Type) => printType(checker, inner, names);
  if (type.isUnion()) return printUnion(type, names, print);
  if (isOpaque(type)) return checker.typeToString(type);
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    const text = element === undefined ? 'unknown' : print(element);
    const isOne = !text.includes(' ') || (text.startsWith('{') && element?.isUnion() !== true);
    return isOne ? `${text}[]` : `(${text})[]`;
  }
  if (type.isIntersection() || type.flags & ts.TypeFlags.Object) return printObject(checker, type, names);
  return checker.typeToString(type);
}

const isOpaque = (type: ts.Type) => type.symbol?.name === 'Date' || type.symbol?.name === 'Map';

const isBoolean = (member: ts.Type) => (member.flags & ts.TypeFlags.BooleanLiteral) !== 0;
const isRest = (text: string) => text === 'null' || text === 'undefined';

function printUnion(type: ts.UnionType, names: Names, print: (type: ts.Type) => string): string {
  const members = type.types.filter((member) => !isBoolean(member)).map(print);
  if (type.types.some(isBoolean)) members.push(type.types.filter(isBoolean).length === 2 ? 'boolean' : 'true');
  const named = members.filter((text) => !isRest(text)).join(' | ');
  return [names.get(named) ?? named, ...members.filter(isRest)].join(' | ');
}

function printObject(checker: ts.TypeChecker, type: ts.Type, names: Names): string {
  if (names !== NONE) {
    const name = names.get(printType(checker, type));
    if (name !== undefined) return name;
  }
  const properties = checker.getPropertiesOfType(type).map((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const inner = checker.getTypeOfSymbol(property);
    const text = printType(checker, isOptional ? checker.getNonNullableType(inner) : inner, names);
    const isNullable = isOptional && inner.isUnion() && inner.types.some(({ flags }) => flags & ts.TypeFlags.Null);
    return `${property.name}${isOptional ? '?' : ''}: ${text}${isNullable ? ' | null' : ''}${isOptional ? ' | undefined' : ''};`;
  });
  const keyed = checker
    .getIndexInfosOfType(type)
    // An empty shape is a record without values, which must not forbid the keys that it is combined with.
    .filter(({ type: inner }) => (inner.flags & ts.TypeFlags.Never) === 0)
    .map(({ keyType, type: inner }) => `[key: ${checker.typeToString(keyType)}]: ${printType(checker, inner, names)};`);
  const members = [...properties, ...keyed];
  return members.length === 0 ? '{}' : `{ ${members.join(' ')} }`;
}
