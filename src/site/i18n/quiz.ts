/** Strings of the quizzes in lessons. */
import type { Locale } from '../../shared/locale.ts';

const en = {
  question: 'Question {n}',
  open: 'Open',
  done: 'Right',
  single: 'Choose one answer.',
  multiple: 'Choose every right answer.',
  text: 'Type your answer.',
  order: 'Put these in order.',
  answer: 'Your answer',
  check: 'Check',
  showAnswer: 'Show the answer',
  rightAnswer: '(right)',
  wrongAnswer: '(wrong)',
  right: 'Right.',
  wrong: 'Not quite.',
  some: 'Not quite: something right is missing.',
  nothing: 'Choose or type an answer first.',
  up: 'Move up: {item}',
  down: 'Move down: {item}',
  moved: '{item}: now number {n} of {total}',
  notSaved: 'This browser does not keep your answers: {reason}',
};

export type QuizStrings = { readonly [Key in keyof typeof en]: string };

const zhCn: QuizStrings = {
  question: '第 {n} 题',
  open: '未答',
  done: '答对了',
  single: '请选择一个答案。',
  multiple: '请选出所有正确答案。',
  text: '请输入答案。',
  order: '请排列顺序。',
  answer: '您的答案',
  check: '提交',
  showAnswer: '查看答案',
  rightAnswer: '（正确）',
  wrongAnswer: '（错误）',
  right: '答对了。',
  wrong: '还差一点。',
  some: '还差一点：还有正确答案没有选。',
  nothing: '请先选择或输入答案。',
  up: '上移：{item}',
  down: '下移：{item}',
  moved: '{item}：现在是第 {n} 项，共 {total} 项',
  notSaved: '浏览器没能保存您的答案：{reason}',
};

export const quizStrings: Record<Locale, QuizStrings> = { en, 'zh-cn': zhCn };
