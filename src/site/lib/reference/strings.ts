/** What the reference says around the fields, in both languages; only that page needs it. */
import { fillTemplate, type Locale } from '../../../shared/locale.ts';
import type { FieldType } from './fields.ts';

const en = {
  field: 'Field',
  type: 'Value',
  description: 'Meaning',
  required: 'must be there',
  fallback: 'if left out: {value}',
  file: 'File: {file}',
  values: 'Values for its messages: {values}',
  tableOf: 'Fields of {title}',
  text: 'text',
  number: 'number',
  flag: '`true` or `false`',
  localized: 'text in both languages',
  object: 'fields below',
  map: 'names with values',
  list: 'list of {of}',
  or: ' or ',
  section: 'see “{title}”',
};

type ReferenceStrings = { readonly [Key in keyof typeof en]: string };

const zhCn: ReferenceStrings = {
  field: '字段',
  type: '取值',
  description: '含义',
  required: '必填',
  fallback: '默认：{value}',
  file: '文件：{file}',
  values: '提示信息中可用的值：{values}',
  tableOf: '“{title}”的字段',
  text: '文本',
  number: '数字',
  flag: '`true` 或 `false`',
  localized: '两种语言的文本',
  object: '见下列字段',
  map: '名称与值的映射',
  list: '列表，每项为：{of}',
  or: ' 或 ',
  section: '见“{title}”',
};

export const referenceStrings: Readonly<Record<Locale, ReferenceStrings>> = { en, 'zh-cn': zhCn };

/** The type in words; code in backticks. `titleOf` names a section. */
export function typeInWords(type: FieldType, locale: Locale, titleOf: (id: string) => string): string {
  const t = referenceStrings[locale];
  switch (type.kind) {
    case 'choice':
      return type.values.map((value) => `\`${value}\``).join(t.or);
    case 'list':
      return fillTemplate(t.list, { of: typeInWords(type.of, locale, titleOf) });
    case 'either':
      return type.types.map((one) => typeInWords(one, locale, titleOf)).join(t.or);
    case 'section':
      return fillTemplate(t.section, { title: titleOf(type.id) });
    default:
      return t[type.kind];
  }
}
