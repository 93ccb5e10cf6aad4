/** Turns a zod schema into rows of a table: every field with its path, type and description. */
import { z } from 'zod';

/** What of JSON Schema our schemas lead to. */
export interface SchemaNode {
  type?: string;
  description?: string;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  additionalProperties?: SchemaNode | boolean;
  enum?: (string | number)[];
  const?: string | number | boolean;
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
}

export type FieldType =
  | { kind: 'text' | 'number' | 'flag' | 'localized' | 'object' | 'map' }
  | { kind: 'choice'; values: string[] }
  | { kind: 'list'; of: FieldType }
  | { kind: 'either'; types: FieldType[] }
  /** Described in a section of its own. */
  | { kind: 'section'; id: string };

export interface Field {
  /** Such as `start.files[].path`, or `questions.<id>.text` where the author chooses the name. */
  path: string;
  type: FieldType;
  required: boolean;
  /** As one would write it. */
  fallback: string | undefined;
  description: string | undefined;
}

/** Objects with a section of their own, by the description of the object or, for those without one, by their discriminator. */
export type Cuts = Readonly<Record<string, string>>;

export function toSchemaNode(schema: z.ZodType): SchemaNode {
  // What the schemas cannot say in JSON Schema (functions of superRefine) is told where a file breaks it.
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
}

/** The fields of an object, those inside of it after it. `leaveOut` names fields described elsewhere. */
export function fieldsOf(node: SchemaNode, cuts: Cuts, { path = '', leaveOut = [] as readonly string[] } = {}): Field[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
    if (leaveOut.includes(name)) return [];
    const at = path + name;
    const field: Field = {
      path: at,
      type: typeOf(property, cuts),
      required: node.required?.includes(name) ?? false,
      fallback: isTelling(property.default) ? JSON.stringify(property.default) : undefined,
      description: property.description ?? property.items?.description,
    };
    return [field, ...inside(property, cuts, at)];
  });
}

/** Variants of a union of objects, by the constant of the field that tells them apart. */
export function variantsOf(node: SchemaNode, by: string): { name: string; node: SchemaNode }[] {
  return unionOf(node).map((variant) => ({ name: String(variant.properties?.[by]?.const), node: variant }));
}

function inside(node: SchemaNode, cuts: Cuts, at: string): Field[] {
  if (isLocalized(node) || cutOf(node, cuts) !== undefined) return [];
  if (node.items !== undefined) return inside(node.items, cuts, `${at}[]`);
  if (node.properties !== undefined) return fieldsOf(node, cuts, { path: `${at}.` });
  if (typeof node.additionalProperties === 'object') return inside(node.additionalProperties, cuts, `${at}.<id>`);
  const seen = new Set<string>();
  return unionOf(node)
    .flatMap((variant) => inside(variant, cuts, at))
    .filter(({ path }) => !seen.has(path) && seen.add(path));
}

function typeOf(node: SchemaNode, cuts: Cuts): FieldType {
  const section = cutOf(node, cuts);
  if (section !== undefined) return { kind: 'section', id: section };
  if (isLocalized(node)) return { kind: 'localized' };
  const union = unionOf(node);
  if (union.length > 0) return { kind: 'either', types: distinct(union.map((variant) => typeOf(variant, cuts))) };
  if (node.const !== undefined) return { kind: 'choice', values: [String(node.const)] };
  if (node.enum !== undefined) return { kind: 'choice', values: node.enum.map(String) };
  if (node.items !== undefined) return { kind: 'list', of: typeOf(node.items, cuts) };
  switch (node.type) {
    case 'integer':
    case 'number':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'flag' };
    case 'object':
      return { kind: node.properties === undefined ? 'map' : 'object' };
    default:
      return { kind: 'text' };
  }
}

function cutOf(node: SchemaNode, cuts: Cuts): string | undefined {
  if (node.description !== undefined && node.description in cuts) return cuts[node.description];
  const [first] = unionOf(node);
  return Object.entries(first?.properties ?? {}).flatMap(([name, { const: value }]) => (value === undefined ? [] : (cuts[`by ${name}`] ?? [])))[0];
}

function unionOf(node: SchemaNode): SchemaNode[] {
  return node.oneOf ?? node.anyOf ?? [];
}

function isLocalized({ properties }: SchemaNode): boolean {
  return properties !== undefined && Object.keys(properties).join() === 'en,zh-cn';
}

/** An empty list or object as a default says no more than "optional". */
function isTelling(value: unknown): boolean {
  return value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function distinct(types: FieldType[]): FieldType[] {
  const seen = new Set<string>();
  return types.filter((type) => !seen.has(JSON.stringify(type)) && seen.add(JSON.stringify(type)));
}
