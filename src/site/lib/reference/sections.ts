/** What the reference has, section by section, out of the schemas that check an author's files. */
import { assertionSchema, templateValues } from '../../../checkers/assertions.ts';
import { courseSchema } from '../../../checkers/course.ts';
import { quizFileSchema } from '../../../checkers/quiz.ts';
import { exerciseSchema } from '../../../checkers/schema.ts';
import type { Localized } from '../../../shared/locale.ts';
import { chooserSchema } from '../chooser.ts';
import { diagramSchema } from '../diagrams/schema.ts';
import { glossarySchema } from '../glossary.ts';
import { lessonFrontmatterSchema } from '../lesson-frontmatter.ts';
import { type Cuts, type Field, fieldsOf, type SchemaNode, toSchemaNode, variantsOf } from './fields.ts';

export interface Section {
  /** Anchor on the page. */
  id: string;
  /** 2 or 3, as a heading. */
  level: 2 | 3;
  title: Localized | string;
  /** The file it is written in. */
  file?: string;
  /** In English, as the schema has it. */
  description?: string | undefined;
  /** Values the messages of an assertion may hold. */
  values?: readonly string[];
  fields: Field[];
}

const cuts: Cuts = {
  'by look': 'assertions',
  'by kind': 'questions',
  'Which containers to look at; every condition must hold': 'where-container',
  'What a container must be like': 'has-container',
  'What holds for every lesson and exercise inside that does not say otherwise. A module stands nearer than the course; objects are merged one level deep, lists are replaced': 'defaults',
};
/** Fields of every assertion, described once. */
const commonFields = ['id', 'fail', 'open', 'mistakes'];

export function referenceSections(): Section[] {
  const frontmatter = toSchemaNode(lessonFrontmatterSchema);
  const course = toSchemaNode(courseSchema);
  const defaults = found(course, 'modules[].defaults');
  const exercise = toSchemaNode(exerciseSchema);
  const assertions = variantsOf(toSchemaNode(assertionSchema), 'look');
  const quizzes = toSchemaNode(quizFileSchema);
  const questions = variantsOf(found(quizzes, 'quizzes[].questions[]'), 'kind');
  const first = assertions.find(({ name }) => name === 'container')?.node;
  if (first === undefined) throw new Error('there is no assertion about containers');
  return [
    { id: 'lesson', level: 2, title: { en: 'A lesson’s head', 'zh-cn': '课文的文件头' }, file: 'content/<locale>/<module>/<lesson>.mdx', fields: fieldsOf(frontmatter, cuts) },
    { id: 'course', level: 2, title: { en: 'The course', 'zh-cn': '课程大纲' }, file: 'content/course.yaml', fields: fieldsOf(course, cuts) },
    { id: 'defaults', level: 3, title: { en: 'Defaults', 'zh-cn': '默认值' }, file: 'content/course.yaml', description: defaults.description, fields: fieldsOf(defaults, {}) },
    { id: 'exercise', level: 2, title: { en: 'An exercise', 'zh-cn': '练习' }, file: 'content/exercises/<name>/exercise.yaml', fields: fieldsOf(exercise, cuts) },
    { id: 'assertions', level: 2, title: { en: 'Assertions', 'zh-cn': '断言' }, file: 'content/exercises/<name>/exercise.yaml', fields: fieldsOf(only(first, [...commonFields, 'look']), { 'by look': 'assertions' }) },
    ...assertions.map(({ name, node }): Section => ({
      id: `look-${name}`,
      level: 3,
      title: `look: ${name}`,
      description: node.properties?.['look']?.description,
      values: templateValues[name as keyof typeof templateValues],
      fields: fieldsOf(node, cuts, { leaveOut: [...commonFields, 'look'] }),
    })),
    conditions('where', found(first, 'where')),
    conditions('has', found(first, 'expect.has')),
    { id: 'quiz', level: 2, title: { en: 'Quizzes', 'zh-cn': '测验' }, file: 'content/quizzes/<name>.yaml', fields: fieldsOf(quizzes, cuts) },
    { id: 'questions', level: 2, title: { en: 'Questions', 'zh-cn': '题目' }, file: 'content/quizzes/<name>.yaml', fields: [] },
    ...questions.map(({ name, node }): Section => ({ id: `kind-${name}`, level: 3, title: `kind: ${name}`, description: node.properties?.['kind']?.description, fields: fieldsOf(node, {}, { leaveOut: ['kind'] }) })),
    { id: 'glossary', level: 2, title: { en: 'The glossary', 'zh-cn': '术语表' }, file: 'content/glossary.yaml', fields: fieldsOf(toSchemaNode(glossarySchema), {}) },
    { id: 'chooser', level: 2, title: { en: 'Choosers', 'zh-cn': '选择向导' }, file: 'content/choosers/<name>.yaml', fields: fieldsOf(toSchemaNode(chooserSchema), {}) },
    { id: 'diagram', level: 2, title: { en: 'Diagrams', 'zh-cn': '示意图' }, file: 'content/diagrams/<name>.yaml', fields: fieldsOf(toSchemaNode(diagramSchema), {}) },
  ];
}

/** Conditions on containers, which several assertions have. */
function conditions(name: 'where' | 'has', node: SchemaNode): Section {
  return { id: `${name}-container`, level: 3, title: `${name} (container)`, description: node.description, fields: fieldsOf(node, {}, { path: `${name}.` }) };
}

/** Every description that the page shows, for whoever translates them. */
export function descriptions(sections: readonly Section[]): string[] {
  return [...new Set(sections.flatMap(({ description, fields }) => [description, ...fields.map((field) => field.description)]).filter((text) => text !== undefined))];
}

/** The node at a path such as `quizzes[].questions[]`. */
function found(node: SchemaNode, path: string): SchemaNode {
  let current: SchemaNode | undefined = node;
  for (const step of path.replaceAll('[]', '.[]').split('.')) {
    if (step === '[]') current = current?.items;
    else current = [current, ...(current?.anyOf ?? [])].map((variant) => variant?.properties?.[step]).find((property) => property !== undefined);
  }
  if (current === undefined) throw new Error(`the schema has no ${path}`);
  return current;
}

function only(node: SchemaNode, names: readonly string[]): SchemaNode {
  return { ...node, properties: Object.fromEntries(Object.entries(node.properties ?? {}).filter(([name]) => names.includes(name))) };
}
