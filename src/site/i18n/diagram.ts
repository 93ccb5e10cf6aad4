/** Strings around the diagrams in lessons. */
import type { Locale } from '../../shared/locale.ts';

const en = {
  inWords: 'The diagram in words',
  back: 'Back',
  next: 'Next',
  step: 'Step {n} of {total}: {label}',
  choose: 'Nothing chosen yet.',
  now: 'In your machine just now: {what}',
  none: 'none',
  separator: ', ',
};

export type DiagramStrings = { readonly [Key in keyof typeof en]: string };

const zhCn: DiagramStrings = {
  inWords: '用文字描述这张图',
  back: '上一步',
  next: '下一步',
  step: '第 {n} 步，共 {total} 步：{label}',
  choose: '还没有选择。',
  now: '您的机器里刚刚发生：{what}',
  none: '无',
  separator: '、',
};

export const diagramStrings: Record<Locale, DiagramStrings> = { en, 'zh-cn': zhCn };
